"""The demo's tree of disposition codes: what customers of a mobile operator call about, and how it ends."""

from collections.abc import Iterator

_TREE: tuple[tuple[str, str, str, tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...]], ...] = (
    (
        "consultation",
        "咨询",
        "Question",
        (
            (
                "consultation-tariff",
                "资费咨询",
                "Charges",
                (),
            ),
            (
                "consultation-bill",
                "账单与缴费",
                "Bills and payment",
                (
                    ("consultation-bill-explained", "解释账单", "Bill explained"),
                    ("consultation-bill-payment", "缴费方式与到账", "Ways to pay, payment received"),
                    ("consultation-bill-invoice", "开具发票", "Invoice"),
                ),
            ),
            ("consultation-roaming", "漫游咨询", "Roaming", ()),
            (
                "consultation-data",
                "流量与套餐余量",
                "Data and what is left of the plan",
                (
                    ("consultation-data-left", "余量查询", "What is left"),
                    ("consultation-data-shared", "共享与副卡", "Shared data, second cards"),
                ),
            ),
            ("consultation-progress", "业务进度查询", "Progress of a request", ()),
        ),
    ),
    (
        "order",
        "业务办理",
        "Request",
        (
            (
                "order-plan",
                "套餐变更",
                "Change of plan",
                (
                    ("order-plan-up", "升档", "To a larger plan"),
                    ("order-plan-down", "降档", "To a smaller plan"),
                    ("order-plan-refused", "不符合条件", "Not possible under the terms"),
                ),
            ),
            (
                "order-sim",
                "补换卡",
                "New SIM card",
                (
                    ("order-sim-lost", "挂失补卡", "Lost card"),
                    ("order-sim-damaged", "损坏换卡", "Damaged card"),
                    ("order-sim-esim", "转 eSIM", "To eSIM"),
                ),
            ),
            ("order-added", "增值业务开通与退订", "Added services", ()),
            ("order-port", "携号转网", "Number porting", ()),
            ("order-suspend", "停复机", "Suspend or resume", ()),
        ),
    ),
    (
        "fault",
        "报障",
        "Fault",
        (
            ("fault-solved", "当场解决", "Solved at once", ()),
            ("fault-ordered", "建工单处理", "Case made", ()),
            (
                "fault-broadband",
                "宽带",
                "Broadband",
                (
                    ("fault-broadband-down", "断网", "No connection"),
                    ("fault-broadband-slow", "网速慢", "Slow"),
                    ("fault-broadband-visit", "预约上门", "Visit arranged"),
                ),
            ),
            (
                "fault-mobile",
                "移动网络",
                "Mobile network",
                (
                    ("fault-mobile-coverage", "无信号或信号弱", "No or weak signal"),
                    ("fault-mobile-data", "无法上网", "No data"),
                    ("fault-mobile-call", "通话质量差", "Bad calls"),
                ),
            ),
        ),
    ),
    (
        "complaint",
        "投诉",
        "Complaint",
        (
            (
                "complaint-fee",
                "费用争议",
                "Disputed charges",
                (
                    ("complaint-fee-refunded", "已退费", "Refunded"),
                    ("complaint-fee-explained", "解释后认可", "Explained and accepted"),
                    ("complaint-fee-open", "建投诉单", "Complaint opened"),
                ),
            ),
            ("complaint-service", "服务态度", "Manner of service", ()),
            ("complaint-unasked", "未经同意开通业务", "Service switched on unasked", ()),
            ("complaint-junk", "垃圾短信与骚扰电话", "Junk messages and calls", ()),
        ),
    ),
    (
        "other",
        "其他",
        "Other",
        (
            ("other-silent", "无声或误拨", "Silent or wrong number", ()),
            ("other-praise", "表扬与建议", "Praise and suggestions", ()),
            ("other-abusive", "辱骂骚扰", "Abuse", ()),
        ),
    ),
)
"""Category, reason and detail: code, Chinese and English name, and what is below."""


def _flat() -> Iterator[tuple[str, str, str, str | None]]:
    for category, name, name_en, reasons in _TREE:
        yield category, name, name_en, None
        for reason, reason_name, reason_en, details in reasons:
            yield reason, reason_name, reason_en, category
            for detail, detail_name, detail_en in details:
                yield detail, detail_name, detail_en, reason


DISPOSITIONS = tuple(_flat())
"""Code, Chinese and English name, the code above it; a code stands behind the one above it."""
