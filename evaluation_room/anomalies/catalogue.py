"""The indicators that need one session's data alone: what each computes, its default threshold, and the usual range."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from types import MappingProxyType

from records import strict_fields
from records.canonical import Value
from records.errors import InvalidRecordError


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """`reference`: an ordinary session's values, to help people judge the clue."""

    id: str
    name_zh: str
    name_en: str
    formula: str
    reference: str


_LISTED = (
    ("A01", "专家打分偏离", "expert score deviation",
     "(x − mean of others) / mean of others; 0.6745 (x − median) / max(MAD, 2 % of full mark)",
     "within ±20 % and |robust z| < 3.5; a plain z cannot pass √(n−1), 2.000 with five experts, so it is not used"),
    ("A02", "排名背离", "rank disagreement",
     "Spearman's rho with the medians of the others, from four bidders on; Kendall's W = 12 S / (m² (k³ − k))",
     "rho above 0; W between 0.3 and 0.98"),
    ("A03", "区分度异常", "spread",
     "range of the expert's totals / median range of the others",
     "between 0.2 and 2"),
    ("A04", "单一投标人倾向", "single-bidder favour",
     "(x − mean of others) less the expert's own mean offset, on the expert's most favoured bidder",
     "at most 15 % of full mark, or the first place does not depend on it"),
    ("A05", "关键评委", "pivotal expert",
     "the first place with and without the expert",
     "the same"),
    ("A06", "本地倾向", "local bias",
     "mean deviation on home bidders less that on the others; exact permutation p",
     "under 5 % of full mark, or p above 0.10; with few bidders p cannot be small"),
    ("A07", "评分雷同", "identical sheets",
     "share of equal marks on subjective items, from ten items on",
     "under 0.95"),
    ("A08", "同步录入", "synchronous entry",
     "share of entries at the same place of both orders, less than 3 s apart",
     "under 0.80"),
    ("A09", "客观分不一致", "objective mismatch",
     "distinct marks on an objective item",
     "one mark by everybody (87号令64条)"),
    ("A10", "超界、漏打、计算错误", "out of range, missing, wrong sum",
     "mark against minimum, maximum, step; stated sum",
     "none (87号令64条)"),
    ("A11", "评标时间过短", "too fast",
     "time from opening to lock against max(30 min, 5 min × bidders, pages × 2 s)",
     "longer, and every file opened"),
    ("A12", "评审时长异常、长时间离席", "absence",
     "longest absence; times the room was left",
     "at most 5 min; at most twice"),
    ("A17", "报价规律", "price regularity",
     "population cv of the differences or ratios of sorted prices, from four on",
     "above 0.02"),
    ("A18", "报价聚集", "clustering",
     "sample cv of all prices; most prices within 0.5 %",
     "cv above 0.01; fewer than three"),
    ("A19", "综合单价雷同", "unit prices alike",
     "share of items at equal price; cv of the ratio of two price lists",
     "under 0.8; above 0.001"),
    ("A23", "不平衡报价", "unbalanced prices",
     "|unit − mean| / mean on items of 5 % of the total and more",
     "at most 30 % where the total lies within 5 % of the mean"),
    ("A24", "异常低价", "abnormally low price",
     "price / mean of the others; price / ceiling",
     "at least 0.85 of the others' mean; a low price is to be explained (暂行规定21条)"),
    ("A28", "通信与终端异常", "line and terminal",
     "events of the seat's terminal and recording",
     "none; gaps up to 10 s"),
    ("A29", "澄清异常", "clarification",
     "who is asked, who writes unasked, what changes",
     "several bidders, asked, no substance"),
    ("A30", "签署异常", "signing",
     "time from report shown to signature; digest; device",
     "60 s and more, equal, bound"),
)  # fmt: skip

INDICATORS: Mapping[str, Indicator] = MappingProxyType(
    {
        name: Indicator(id=name, name_zh=zh, name_en=en, formula=formula, reference=reference)
        for name, zh, en, formula, reference in _LISTED
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The defaults; every one can be changed. Shares are ratios, times are seconds."""

    deviation_red: Fraction = Fraction(30, 100)
    deviation_yellow: Fraction = Fraction(20, 100)
    robust_z: Fraction = Fraction(35, 10)
    robust_floor: Fraction = Fraction(2, 100)
    concordance_low: Fraction = Fraction(30, 100)
    concordance_high: Fraction = Fraction(98, 100)
    spread_high: Fraction = Fraction(2)
    spread_low: Fraction = Fraction(20, 100)
    favour: Fraction = Fraction(15, 100)
    bias: Fraction = Fraction(5, 100)
    bias_p: Fraction = Fraction(10, 100)
    identical: Fraction = Fraction(95, 100)
    synchronous: Fraction = Fraction(80, 100)
    synchronous_seconds: Fraction = Fraction(3)
    seconds_at_least: Fraction = Fraction(1800)
    seconds_per_bidder: Fraction = Fraction(300)
    seconds_per_page: Fraction = Fraction(2)
    absence_seconds: Fraction = Fraction(300)
    leaves: Fraction = Fraction(2)
    regularity: Fraction = Fraction(2, 100)
    clustering: Fraction = Fraction(1, 100)
    cluster_width: Fraction = Fraction(5, 1000)
    unit_equal: Fraction = Fraction(80, 100)
    unit_ratio: Fraction = Fraction(1, 1000)
    unbalanced: Fraction = Fraction(30, 100)
    unbalanced_item: Fraction = Fraction(5, 100)
    unbalanced_total: Fraction = Fraction(5, 100)
    low_price: Fraction = Fraction(85, 100)
    low_price_of_ceiling: Fraction = Fraction(0)
    recording_gap_seconds: Fraction = Fraction(10)
    signing_seconds: Fraction = Fraction(60)

    @classmethod
    def read(cls, value: Value) -> "Thresholds":
        """Thresholds by name as decimal texts: {"deviation_red": "0.25"}."""
        names = {one.name for one in fields(cls)}
        body = strict_fields.fields(value, optional=names)
        return cls(**{name: _decimal(strict_fields.text(body, name), name) for name in body})


def _decimal(text: str, name: str) -> Fraction:
    try:
        amount = Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise InvalidRecordError("wrong-type", field=name, needs="decimal") from error
    if amount < 0:
        raise InvalidRecordError("out-of-range", field=name)
    return amount
