"""Verifies a confirmation with an independent library, PyPI's cwt, and prints its claims as JSON.

    verify_cwt.py TEXT KEY

TEXT is what the QR code holds, or the part after /V/; several, each in a line of its own, give as many lines. KEY is an Ed25519 public key: a JWK or a JWK set as JSON, a
JWK's x, 64 hex digits, or PEM; or the address of a JWK set or of a COSE key set, which is fetched. The signature, the key's id where the key comes with one, and the times are checked.
Bytes are printed as hex.
"""

import base64
import json
import re
import sys
import urllib.request

import cbor2
from cwt import CWT, COSEKey


def token(text: str) -> bytes:
    """The COSE_Sign1 of a QR text: upper-case base32 without padding behind the last slash."""
    base32 = text.strip().rsplit("/", 1)[-1].upper()
    return base64.b32decode(base32 + "=" * (-len(base32) % 8))


def from_jwk(jwk: dict) -> COSEKey:
    """A public key from a JWK. In our JWK sets `kid` is the hex of the COSE key id."""
    kid = jwk.get("kid", "")
    key_id = bytes.fromhex(kid) if re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", kid) else kid.encode()
    x = base64.urlsafe_b64decode(jwk["x"] + "=" * (-len(jwk["x"]) % 4))
    return from_raw(x, key_id)


def from_raw(x: bytes, key_id: bytes = b"") -> COSEKey:
    """A public key from its 32 bytes."""
    if len(x) != 32:
        raise ValueError(f"an Ed25519 public key has 32 bytes, not {len(x)}")
    # RFC 9053: kty OKP, alg EdDSA, crv Ed25519; key_ops verify.
    key = {1: 1, 3: -8, -1: 6, -2: x, 4: [2]}
    if key_id:
        key[2] = key_id
    return COSEKey.new(key)


def named_in(message: bytes) -> bytes:
    """The id of the key that the message says it is signed with."""
    return cbor2.loads(message).value[1][4]


def keys(text: str, key_id: bytes) -> list[COSEKey]:
    """The public keys in the second argument, in whichever form they are given; one without an id gets `key_id`."""
    text = text.strip()
    if re.match(r"https?://", text):
        return fetched(text, key_id)
    if text.startswith("{"):
        jwk = json.loads(text)
        return [from_jwk({"kid": key_id.hex()} | one) for one in jwk.get("keys", [jwk])]
    if "-----BEGIN" in text:
        return [COSEKey.from_pem(text, kid=key_id)]
    if re.fullmatch(r"[0-9A-Fa-f]{64}", text):
        return [from_raw(bytes.fromhex(text), key_id)]
    return [from_jwk({"x": text, "kid": key_id.hex()})]


def fetched(address: str, key_id: bytes) -> list[COSEKey]:
    """The keys at an address: a JWK set (RFC 7517), or a COSE key set (RFC 9052)."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        kind, body = answer.headers.get_content_type(), answer.read()
    if kind == "application/cose-key-set":
        return [COSEKey.new(key) for key in cbor2.loads(body)]
    if kind == "application/jwk-set+json":
        return keys(body.decode(), key_id)
    raise ValueError(f"neither a JWK set nor a COSE key set: {kind}")


def plain(value):
    """What JSON can hold: bytes become hex, keys become text."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for text in sys.argv[1].split():
            message = token(text)
            claims = CWT.new(leeway=1).decode(message, keys(sys.argv[2], named_in(message)))
            print(json.dumps(plain(claims), ensure_ascii=False, sort_keys=True))
    except Exception as error:
        print(f"refused: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
