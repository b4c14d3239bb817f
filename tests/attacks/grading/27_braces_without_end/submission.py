x = f'FILL
