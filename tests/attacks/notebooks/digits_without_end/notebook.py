DATA = b'{"cells": [], "nbformat": ' + b'9' * 1_000_000 + b'}'
