# kind: policy
# scenarios: rich
x = 7
x *= 3
x **= 2
x //= 2
x %= 100
return [x, 2 ** 10, 7 / 2, "ab" * 2, [0] * 2, pow(2, 5), pow(3, 4, 5), divmod(7, 2), 1 << 4, pow(2, -1), 2 ** 100]
