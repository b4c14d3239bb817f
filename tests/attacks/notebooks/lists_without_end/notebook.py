DATA = b'{"cells":[' + b','.join([b'[]'] * 5_000_000) + b']}'
