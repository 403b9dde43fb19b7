"""Ed25519, ristretto255 and the pairing of BLS12-381 in plain integers, for verify.py. It knows
RFC 8032, 9380 and 9496; it is slow, and not constant in time, which a verifier need not be."""
import functools, hashlib

class Malformed(Exception): pass

def need(ok, why):
    if not ok: raise Malformed(why)

def u8(n): return n.to_bytes(1, "big")
def u16(n): return n.to_bytes(2, "big")

def xmd(hash, block, message, dst, size):
    """expand_message_xmd of RFC 9380, 5.3.1."""
    dst += u8(len(dst))
    b0 = hash(bytes(block) + message + u16(size) + b"\0" + dst).digest()
    b, out = bytes(len(b0)), b""
    for i in range(1, -(-size // len(b0)) + 1):
        b = hash(bytes(x ^ y for x, y in zip(b0, b)) + u8(i) + dst).digest()
        out += b
    return out[:size]

# --- Edwards curve: Ed25519 (RFC 8032) and ristretto255 (RFC 9496). Points are X, Y, Z, T.
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
I = pow(2, (P - 1) // 4, P)
ZERO = (0, 1, 1, 0)

def odd(x): return x % P & 1
def positive(x): return -x % P if odd(x) else x % P

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def combine(*pairs):
    """The sum of n·p over pairs (n, p)."""
    sum = ZERO
    for bit in range(max((n.bit_length() for n, _ in pairs), default=0) - 1, -1, -1):
        sum = add(sum, sum)
        for n, p in pairs:
            if n >> bit & 1: sum = add(sum, p)
    return sum

def root_of_ratio(u, v):
    """SQRT_RATIO_M1: whether u/v is a square, and the root of it or of I·u/v that is not odd."""
    r = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    check = v * r * r % P
    if check in (-u % P, -u * I % P): r = r * I % P
    return check in (u % P, -u % P), positive(r)

def point(b):
    """A point as read: canonical, not the identity (§0)."""
    s = int.from_bytes(b, "little")
    need(len(b) == 32 and 0 < s < P and not s & 1, "point")
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, inverse = root_of_ratio(1, v * u2 * u2)
    dx = inverse * u2
    x, y = positive(2 * s * dx), inverse * dx * v * u1 % P
    need(square and not odd(x * y) and y, "point")
    return x, y, 1, x * y % P

def encoded(p):
    x, y, z, t = p
    u1, u2 = (z + y) * (z - y), x * y
    _, inverse = root_of_ratio(1, u1 * u2 * u2 % P)
    d1, d2 = inverse * u1, inverse * u2
    zinv = d1 * d2 * t % P
    if odd(t * zinv): x, y, d2 = y * I, x * I, d1 * root_of_ratio(1, -1 - D)[1]
    if odd(x * zinv): y = -y
    return positive(d2 * (z - y)).to_bytes(32, "little")

def elligator(b):
    t = int.from_bytes(b, "little") % 2**255
    r = I * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    square, s = root_of_ratio(u, v)
    s, c = (s, -1) if square else (-positive(s * t), r)
    n = c * (r - 1) * (D - 1)**2 - v
    w0, w1, w2, w3 = 2 * s * v, -n * root_of_ratio(-D - 1, 1)[1], 1 - s * s, 1 + s * s
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P

def H(member):
    b = xmd(hashlib.sha512, 128, member, b"HashToGroup-OPRFV1-\x01-ristretto255-SHA512", 64)
    return add(elligator(b[:32]), elligator(b[32:]))

def edwards(b):
    n = int.from_bytes(b, "little")
    y = n % 2**255
    square, x = root_of_ratio(y * y - 1, D * y * y + 1)
    need(square, "Ed25519 key")
    if n >> 255: x = -x % P
    return x, y, 1, x * y % P

B = edwards((4 * pow(5, -1, P) % P).to_bytes(32, "little"))      # also the generator of ristretto255

def signed(key, message, sig):
    """Ed25519, RFC 8032 5.1.7, without cofactor."""
    if len(sig) != 64 or len(key) != 32: return False
    try: A = edwards(key)
    except Malformed: return False
    s = int.from_bytes(sig[32:], "little")
    k = int.from_bytes(hashlib.sha512(sig[:32] + key + message).digest(), "little") % Q
    x, y, z, _ = combine((s, B), (Q - k, A))
    z = pow(z, -1, P)
    return s < Q and (y * z % P | odd(x * z) << 255).to_bytes(32, "little") == sig[:32]

# --- Beacon (§5): BLS12-381, hash to G1 by RFC 9380, ate pairing over Fp[w]/(w^12 - 2w^6 + 2).
F = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab
R, X = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001, 0xd201000000010000
A1 = 0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d
B1 = 0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0
G2 = bytes.fromhex("93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
                   "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8")
BEACON = bytes.fromhex("83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
                       "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a")

def root(x):
    r = pow(x, (F + 1) // 4, F)
    return r if r * r % F == x % F else None

def times(a, b): return (a[0]*b[0] - a[1]*b[1]) % F, (a[0]*b[1] + a[1]*b[0]) % F          # in Fp2
def minus(a, b): return (a[0] - b[0]) % F, (a[1] - b[1]) % F
def over(a, b):
    n = pow(b[0]**2 + b[1]**2, -1, F)
    return times(a, (b[0] * n, -b[1] * n))

def slope(p, q, a=(0, 0)):
    if p != q: return over(minus(q[1], p[1]), minus(q[0], p[0]))
    return over(minus(times((3, 0), times(p[0], p[0])), minus((0, 0), a)), times((2, 0), p[1]))

def plus(p, q, a=(0, 0)):
    """Sum on a curve over Fp2 (y of Fp: second part 0); None is the identity."""
    if p is None or q is None: return p or q
    if p[0] == q[0] and p[1] == minus((0, 0), q[1]): return None
    l = slope(p, q, a)
    x = minus(minus(times(l, l), p[0]), q[0])
    return x, minus(times(l, minus(p[0], x)), p[1])

def multiple(n, p, a=(0, 0)):
    sum = None
    for bit in bin(n)[2:]:
        sum = plus(sum, sum, a)
        if bit == "1": sum = plus(sum, p, a)
    return sum

@functools.cache
def uncompressed(b):
    """A point of G1 (48 bytes) or G2 (96), None where there is none, or not of order R."""
    n = int.from_bytes(b[:48], "big")
    x = (n % 2**381, 0) if len(b) == 48 else (int.from_bytes(b[48:], "big"), n % 2**381)
    if n >> 382 != 2 or max(x) >= F: return None
    y2 = minus(times(x, times(x, x)), (-4, 0 if len(b) == 48 else -4))
    s = root(y2[0]**2 + y2[1]**2)
    if s is None: return None
    half = pow(2, -1, F)
    y = (root(y2[0]), 0) if not y2[1] else None
    if not y:
        c = root((y2[0] + s) * half) or root((y2[0] - s) * half)
        y = (c, c and y2[1] * half * pow(c, -1, F) % F)
    if y[0] is None: return None
    if ((y[1] or y[0]) > F // 2) != bool(n >> 381 & 1): y = minus((0, 0), y)
    return (x, y) if multiple(R, (x, y)) is None else None

@functools.cache
def isogeny():
    """The kernel of the 11-isogeny from the curve of RFC 9380, 8.8.1: its only subgroup of order 11."""
    a, x = (A1, 0), 2
    while True:
        y = root(x**3 + A1 * x + B1)
        T = y and multiple(0x396c8c005555e1568c00aaab0000aaab // 11 * R, ((x, 0), (y, 0)), a)
        if T: return [multiple(i, T, a)[0][0] for i in range(1, 6)]
        x += 1

def mapped(u):
    """map_to_curve of G1: simplified SWU, then the isogeny by Vélu's formulas, scaled by 1/11."""
    z = 11 * u * u % F
    d = z * z + z
    x = (-B1 * pow(A1, -1, F) * (1 + pow(d, -1, F)) if d else B1 * pow(11 * A1, -1, F)) % F
    y = root(x**3 + A1 * x + B1)
    if y is None:
        x = z * x % F
        y = root(x**3 + A1 * x + B1)
    if y % 2 != u % 2: y = -y
    x2, dx = x, 1
    for k in isogeny():
        v, w, i = 2 * (3 * k * k + A1), 4 * (k**3 + A1 * k + B1), pow(x - k, -1, F)
        x2, dx = x2 + v * i + w * i * i, dx - v * i * i - 2 * w * i**3
    return (x2 * pow(121, -1, F) % F, 0), (y * dx * pow(1331, -1, F) % F, 0)

def poly(a, b):
    c = [0] * 23
    for i, x in enumerate(a):
        if x:
            for j, y in enumerate(b): c[i + j] += x * y
    for i in range(22, 11, -1):
        c[i - 6] += 2 * c[i]
        c[i - 12] -= 2 * c[i]
    return [x % F for x in c[:12]]

def miller(p, q):
    f, T, (x, y) = [1] + [0] * 11, q, (p[0][0], p[1][0])
    def line(T, S):                      # y·w^3 - slope·x·w^2 + (slope·xT - yT), an element of Fp2 being a - b + b·w^6
        l = slope(T, S)
        c = minus(times(l, T[0]), T[1])
        return [c[0] - c[1], 0, (l[1] - l[0]) * x, y, 0, 0, c[1], 0, -l[1] * x, 0, 0, 0]
    for bit in bin(X)[3:]:
        f, T = poly(poly(f, f), line(T, T)), plus(T, T)
        if bit == "1": f, T = poly(f, line(T, q)), plus(T, q)
    return f

@functools.cache
def beacon_signed(message, sig):
    """Whether sig is that of drand quicknet, BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_."""
    s = uncompressed(sig) if len(sig) == 48 else None
    if s is None: return False
    b = xmd(hashlib.sha256, 64, message, b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_", 128)
    m = multiple(X + 1, plus(*(mapped(int.from_bytes(b[i:i+64], "big") % F) for i in (0, 64))))
    f = poly(miller((s[0], minus((0, 0), s[1])), uncompressed(G2)), miller(m, uncompressed(BEACON)))
    e = one = [1] + [0] * 11
    for bit in bin((F**12 - 1) // R)[2:]:
        e = poly(e, e)
        if bit == "1": e = poly(e, f)
    return e == one
