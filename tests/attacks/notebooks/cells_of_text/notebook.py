DATA = b'{"cells": "' + b'x' * 1_000_000 + b'"}'
