"""SIP messages that are odd, wrong or hostile, after the kinds of RFC 4475: what a phone network sends by accident and
a scanner on purpose."""


def _request(start: str, *headers: str, body: str = "") -> bytes:
    return ("\r\n".join([start, *headers]) + "\r\n\r\n" + body).encode("utf-8", "surrogateescape")


def _invite(*changes: str, start: str = "INVITE sip:10086@127.0.0.1 SIP/2.0", body: str = "", n: int = 0) -> bytes:
    """An INVITE of which single headers are replaced (``Name: value``) or taken out (``-Name``)."""
    headers = {
        "Via": f"SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKtorture{n}",
        "Max-Forwards": "70",
        "From": "<sip:13800138009@127.0.0.1>;tag=t",
        "To": "<sip:10086@127.0.0.1>",
        "Call-ID": f"torture-{n}",
        "CSeq": "1 INVITE",
        "Contact": "<sip:13800138009@127.0.0.1:9>",
        "Content-Length": str(len(body)),
    }
    for change in changes:
        if change.startswith("-"):
            headers.pop(change[1:])
        else:
            name, value = change.split(":", 1)
            headers[name] = value.strip()
    return _request(start, *(f"{name}: {value}" for name, value in headers.items()), body=body)


_SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"

MESSAGES: list[bytes] = [
    b"",
    b"\r\n\r\n",
    b"\x00" * 64,
    b"\xff\xfe\xfd" * 200,
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"INVITE",
    b"INVITE sip:10086@127.0.0.1",
    b"INVITE sip:10086@127.0.0.1 SIP/2.0\r\n",
    b"INVITE sip:10086@127.0.0.1 SIP/7.0\r\n\r\n",
    _invite(start="INVITE  sip:10086@127.0.0.1  SIP/2.0", n=1),
    _invite(start="INVITE <sip:10086@127.0.0.1> SIP/2.0", n=2),
    _invite(start="INVITE sip:10086@127.0.0.1; lr SIP/2.0", n=3),
    _invite(start="!interesting-Method0123456789_*+`.%indeed'~ sip:1 SIP/2.0", n=4),
    _invite(start="INVITE nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", n=5),
    _invite(start="INVITE sip:10086@[::1::2] SIP/2.0", n=6),
    _invite(start=f"INVITE sip:{'9' * 5000}@127.0.0.1 SIP/2.0", n=7),
    _invite("-Call-ID", n=8),
    _invite("-Via", n=9),
    _invite("-From", n=10),
    _invite("-CSeq", n=11),
    _invite("-Contact", body=_SDP, n=12),
    _invite("CSeq: 36893488147419103232 INVITE", n=13),
    _invite("CSeq: 1 REGISTER", n=14),
    _invite("CSeq: -1 INVITE", n=15),
    _invite("Max-Forwards: 0", n=16),
    _invite("Max-Forwards: 300", n=17),
    _invite("Content-Length: 9999", body=_SDP, n=18),
    _invite("Content-Length: -999", body=_SDP, n=19),
    _invite("Content-Type: application/sdp", body="v=0\r\nnonsense", n=20),
    _invite("Content-Type: application/sdp", body=_SDP.replace("9 RTP", "99999 RTP"), n=21),
    _invite("Content-Type: application/sdp", body=_SDP.replace("127.0.0.1", "999.1.1.1"), n=22),
    _invite("Content-Type: application/unknown-type", body="<nothing/>", n=23),
    _invite("Content-Type: multipart/mixed;boundary=never", body="--neverclosed\r\n", n=24),
    _invite('From: "unclosed quote <sip:1@127.0.0.1>;tag=t', n=25),
    _invite(f'From: "{"长" * 400}" <sip:13800138009@127.0.0.1>;tag=t', n=26),
    _invite("From: <sip:%00%01%ff@127.0.0.1>;tag=t", n=27),
    _invite("To: <sip:10086@127.0.0.1>;tag=unknown-dialog", n=28),
    _invite("Require: nothingSupportsThis", "Proxy-Require: noProxies", n=29),
    _invite("Via: SIP/2.0/UDP 192.0.2.15;;,;,,", n=30),
    _invite("Via: SIP/2.0/UDP t1.invalid:5060;branch=z9hG4bK\x01", n=31),
    _invite("Expires: 10000000000", "Session-Expires: 1", "Min-SE: 4294967296", n=32),
    _invite('Authorization: Digest username="\'; DROP TABLE--", nonce=""', n=33),
    _invite("Replaces: nothing;to-tag=a;from-tag=b", "Refer-To: <sip:1@127.0.0.1?Replaces=x>", n=34),
    _invite(*(f"X-Filler-{place}: {'a' * 90}" for place in range(400)), n=35),
    _invite("Contact: <sip:1@127.0.0.1>, <sip:2@127.0.0.1>, *", n=36),
    _request("REGISTER sip:127.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKr", "Contact: *"),
    _request("SIP/2.0 200 OK", "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx", "CSeq: 0 NEVER"),
    _request("SIP/2.0 4294967301 better not break the receiver", "CSeq: 1 INVITE"),
    _request("BYE sip:10086@127.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKb", "Call-ID: none"),
    _request("CANCEL sip:10086@127.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKc", "CSeq: 1 CANCEL"),
]
