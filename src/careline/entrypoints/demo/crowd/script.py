"""What the crowd says. Nobody of it exists, and none of the numbers is anybody's."""

import msgspec


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A matter: what its customer says, line by line, and what an agent answers to each."""

    lines: tuple[tuple[str, str], ...]
    disposition: str
    note: str
    shows_at: int | None = None
    """With which line the customer sends a picture."""


NAMES = ("吴晓霞", "郑凯", "孙悦", "马骏", "胡丽娜", "朱志强", "高洁", "林浩然", "何静怡", "罗文博", "梁晨", "宋雨桐")

TALKS = (
    Talk(
        lines=(
            ("你好，我上个月的账单比平时多了三十多块，能帮我看看吗", "您好，我帮您看一下，请稍等。"),
            ("我没有多用什么呀，就是照常上网", "查到了，多出来的是上月中旬开通的加油包，一共两次，每次十五元。"),
            ("哦，那应该是我儿子点的。能关掉自动续订吗", "可以，已经为您关闭自动续订，下个月起不再扣费。"),
            ("好的，谢谢你", "不客气，还有别的可以随时找我们。"),
        ),
        disposition="consultation-tariff",
        note="账单多出两个加油包，已关闭自动续订",
    ),
    Talk(
        lines=(
            ("下周要去日本出差，漫游怎么开最划算", "您好，请问您大概去几天，主要是上网还是打电话？"),
            ("五天，主要上网", "建议选五天的流量包，落地后自动生效，不用另外换卡。"),
            ("那帮我开一下吧", "已经为您办理，出发前会有短信提醒。"),
            ("太好了", "祝您旅途顺利。"),
        ),
        disposition="consultation-roaming",
        note="办理日本五天漫游流量包",
    ),
    Talk(
        lines=(
            ("家里宽带从昨天晚上开始老是掉线", "您好，给您添麻烦了。请问光猫上红色的灯亮着吗？"),
            ("亮着，重启过也不行", "看到您那片昨晚有一段光缆在检修，正在恢复。我先帮您重新下发一次配置。"),
            ("现在好像能上了", "好的，我这边也看到恢复了，今天晚上再观察一下，还有问题随时联系我们。"),
        ),
        shows_at=1,
        disposition="fault-solved",
        note="片区光缆检修，重新下发配置后恢复",
    ),
    Talk(
        lines=(
            ("我要投诉，营业厅让我排了一个多小时", "非常抱歉让您久等了，请问是哪一天、哪个营业厅？"),
            ("昨天下午，人民路那家", "我记下来了，会转给该营业厅的负责人，三个工作日内给您回复。"),
            ("行吧，希望真的有人管", "一定跟进，感谢您告诉我们。"),
        ),
        disposition="complaint-service",
        note="人民路营业厅排队超过一小时，承诺三个工作日内回复",
    ),
)

RATINGS = (5, 5, 4, 5, 3)
