"""Which passwords are tried first by whoever guesses: those put together from what everybody thinks of.

The list is of our own making: words, names and numbers that people in our languages fall for, rows of keyboards, and
runs of the alphabet and of digits. A password may hold such pieces; it may not be made of nothing else.
"""

import re
import string

LEFT = 5
"""So many signs must remain when all pieces are taken out: a short word of one's own, or a few signs by chance."""

_LINES = (
    "password passwort passwd pass pwd secret letmein welcome login logon signin admin administrator root user",
    "guest master manager system server test testing demo default change changeme temp qwerty azerty iloveyou",
    "love lovely angel baby sunshine princess monkey dragon tiger football baseball basketball superman batman",
    "shadow michael jordan hello hi careline operator callcenter callcentre service customer mobile china",
    "chinamobile telecom unicom cmcc beijing shanghai guangzhou shenzhen company office summer winter spring",
    "autumn monday friday today january december woaini woaiwojia aini mima mimashi wodemima zhangsan lisi wangwu",
    "nihao zhongguo dashen laoban xiaoming kefu gonghao denglu guanliyuan xitong yidong quanqiutong shenzhouxing",
    "donggandidai abc abcd abcde asdf asd zxc zxcv qaz wsx edc qwe aaa xyz 5201314 1314520 1314 520 521 888 666",
    "168 110 119 120 10086 10010 10000 12345 000 111 123 321 密码 我爱你 管理员 客服",
)
_WORDS = tuple(word for line in _LINES for word in line.split())


_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "0987654321",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv",
)
_RUNS = (string.ascii_lowercase, string.ascii_lowercase[::-1], *_ROWS, *(row[::-1] for row in _ROWS))
_SHORTEST_RUN = 3

_DISGUISES = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_YEAR = re.compile(r"(?:19|20)\d\d(?:[01]\d)?(?:[0-3]\d)?")
_REPEATED = re.compile(r"(.{1,4}?)\1{2,}")
_MARKS = re.compile(r"[\W_]+")


def _pieces() -> re.Pattern[str]:
    runs = {
        run[start : start + size]
        for run in _RUNS
        for size in range(_SHORTEST_RUN, len(run) + 1)
        for start in range(len(run) - size + 1)
    }
    return re.compile("|".join(re.escape(one) for one in sorted(runs | set(_WORDS), key=len, reverse=True)))


_PIECES = _pieces()


def is_guessable(password: str) -> bool:
    """Whether a password is made of common pieces and hardly anything else, disguised (``P@ssw0rd``) or not."""
    rest = _without_pieces(password.casefold())
    return any(len(_MARKS.sub("", text)) < LEFT for text in (rest, _without_pieces(rest.translate(_DISGUISES))))


def _without_pieces(text: str) -> str:
    """What is left without common pieces, years and repetitions."""
    return _PIECES.sub(" ", _YEAR.sub(" ", _REPEATED.sub(r"\1", text)))
