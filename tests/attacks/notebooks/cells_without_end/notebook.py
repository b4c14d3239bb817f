DATA = b'{"cells":[' + b','.join([b'{"cell_type":"code"}'] * 700_000) + b']}'
