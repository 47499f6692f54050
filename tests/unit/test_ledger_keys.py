import pytest

from interlock.errors import InvalidKeyError
from interlock.ledger import check_public_key, strict_base64
from tests.fakes import MemorySigner

FIELD = 2**255 - 19
D = -121665 * pow(121666, -1, FIELD) % FIELD


def add(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """Sum of two points of edwards25519, by the affine addition law."""
    (x1, y1), (x2, y2) = one, two
    product = D * x1 * x2 * y1 * y2 % FIELD
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, FIELD) % FIELD
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, FIELD) % FIELD
    return x, y


def x_of(y: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    root = pow(square, (FIELD + 3) // 8, FIELD)
    if root * root % FIELD != square:
        root = root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    return root if root * root % FIELD == square else None


def times(n: int, point: tuple[int, int]) -> tuple[int, int]:
    total = (0, 1)
    for bit in bin(n)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


def torsion_points() -> set[tuple[int, int]]:
    """The eight points of small order: multiples of the group order of any points."""
    order = 2**252 + 27742317777372353535851937790883648493
    found: set[tuple[int, int]] = set()
    y = 2
    while len(found) < 8:
        x = x_of(y)
        if x is not None:
            small = times(order, (x, y))
            found |= {times(n, small) for n in range(8)}
        y += 1
    return found


def encodings(x: int, y: int) -> list[bytes]:
    """Every 32 bytes that some decoder takes for the point, reduced or not, either sign of 0."""
    ys = [y, y + FIELD] if y + FIELD < 2**255 else [y]
    signs = {0, 1} if x == 0 else {x & 1}
    return [(each | sign << 255).to_bytes(32, "little") for each in ys for sign in signs]


def test_every_encoding_of_every_point_of_small_order_is_refused() -> None:
    points = torsion_points()
    assert len(points) == 8
    every = [raw for point in points for raw in encodings(*point)]
    assert len(every) == 14
    for raw in every:
        with pytest.raises(InvalidKeyError):
            check_public_key(raw)


@pytest.mark.parametrize("excess", range(19))
def test_a_key_whose_y_is_not_reduced_is_refused(excess: int) -> None:
    for sign in (0, 1):
        raw = (FIELD + excess | sign << 255).to_bytes(32, "little")
        with pytest.raises(InvalidKeyError, match="canonical"):
            check_public_key(raw)


def test_bytes_that_are_no_point_are_refused() -> None:
    y = next(y for y in range(2, 100) if x_of(y) is None)
    with pytest.raises(InvalidKeyError, match="no point"):
        check_public_key(y.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidKeyError, match="32 bytes"):
        check_public_key(b"\x09" * length)


def test_keys_that_people_make_are_accepted() -> None:
    for n in range(50):
        check_public_key(MemorySigner(str(n)).public_key)


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ==\n", "Q Q==", "QQ==QQ==", "_w==", "QQ=", "é"])
def test_base64_that_is_not_the_only_encoding_of_its_bytes_is_refused(text: str) -> None:
    assert strict_base64(text) is None
    assert strict_base64("QQ==") == b"A"
