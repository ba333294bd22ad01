"""The rules of the methods: each with its id, its sentence, and its legal source."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`source`: the law or standard text; for a figure of usual practice without a law, that is stated."""

    id: str
    says_zh: str
    says_en: str
    source: str


_STANDARD = "标准施工招标文件(2007年版) 第三章 评标办法"
_ORDER_87 = "政府采购货物和服务招标投标管理办法(财政部令第87号)"
_REGULATION = "招标投标法实施条例"
_INTERIM = "评标委员会和评标方法暂行规定"
_PRACTICE = "招标文件约定的通行做法"

_LISTED = (
    ("SUM", "一名专家对一名投标人一个部分的分值之和", "one expert's points for a section, added up", _STANDARD),
    ("AGG1", "算术平均", "mean of the experts", _STANDARD),
    ("AGG2", "人数多于规定数时去掉一个最高分和一个最低分后平均",
     "with more experts than stated, one highest and one lowest left out, then the mean", _PRACTICE),
    ("AGG3", "按评审因素分别去掉一个最高分和一个最低分后平均，再相加",
     "trimmed mean of every factor, then added up", f"{_PRACTICE}(水电工程招标文件)"),
    ("AGG4", "中位数", "median of the experts", _PRACTICE),
    ("NINE", "九人委员会先去掉各投标人之间分差最大的一名专家",
     "of nine members the one whose totals lie widest apart is left out first", f"{_PRACTICE}(水电工程招标文件)"),
    ("SCALE", "得分按权重折算(Fi×Ai)", "the score counted by its weight (Fi×Ai)", f"{_ORDER_87} 第55条"),
    ("FLOOR", "低于满分规定比例的评分须书面说明理由",
     "a mark under the stated share of its maximum needs a written reason", f"{_PRACTICE}(水电工程招标文件)"),
    ("DEVIATION", "偏离平均分超过规定比例的评分须在报告中注明并书面说明",
     "a total that lies further from the mean than stated is noted and explained", _PRACTICE),
    ("PRICE", "按投标报价比较", "compared by the price as bid", _STANDARD),
    ("CORRECTION", "算术性修正后的报价经投标人确认后用于评审",
     "the arithmetically corrected price, confirmed by the bidder, is evaluated",
     f"{_STANDARD} 3.1.3；{_INTERIM}第19条"),
    ("RATE", "以下浮率报价的按(100%−下浮率)比较", "a reduction is compared as 100 % less the reduction", _PRACTICE),
    ("CEILING", "高于最高投标限价的投标应当否决", "a price above the ceiling must be rejected",
     f"{_REGULATION} 第51条第5项"),
    ("REJECTED", "评标委员会已否决", "rejected by the committee", f"{_REGULATION} 第51条"),
    ("LOW", "明显偏低的报价应要求说明，不能合理说明的由评标委员会认定",
     "a conspicuously low price must be explained; the committee decides", f"{_INTERIM}第21条；{_ORDER_87} 第60条"),
    ("DEDUCTION", "小微企业报价扣除后参加评审", "small firms' prices are evaluated after a deduction",
     "政府采购促进中小企业发展管理办法；财库〔2022〕19号"),
    ("ADJUSTMENT", "按招标文件规定的量化因素折算评标价", "the bid price with the adjustments of the tender file",
     f"{_INTERIM} 第30—33条"),
    ("B1", "全部有效报价的算术平均", "mean of all valid prices", _PRACTICE),
    ("B2", "去掉最高、最低报价后的算术平均", "mean without the highest and the lowest price",
     f"公路工程标准施工招标文件(2018年版)；{_PRACTICE}"),
    ("B3", "平均价乘以(1−k)，k 开标时抽取", "mean less a share k drawn at the opening", _PRACTICE),
    ("B4", "最高限价与平均价的加权复合", "the ceiling and the mean, weighted", _PRACTICE),
    ("B5", "二次平均", "the second average", _PRACTICE),
    ("B6", "几何平均", "geometric mean", _PRACTICE),
    ("B7", "最低有效报价", "the lowest valid price", f"{_ORDER_87} 第55条"),
    ("OFFSET", "偏差率=(评标价−基准价)/基准价", "how far a price lies from the base price", _STANDARD),
    ("LINEAR", "每高、低 1% 扣减规定分值，不低于零分",
     "so many points lost for each per cent above or below, not under zero",
     f"{_STANDARD}；公路工程标准施工招标文件(2018年版)"),
    ("G", "低价优先法：(基准价/评审价)×价格分值", "lowest price first: base price over price, times the weight",
     f"{_ORDER_87} 第55条"),
    ("CREDIT", "信用分按权重折算", "the credit score counted by its weight", _PRACTICE),
    ("TOTAL", "各部分得分之和", "the sections added up", f"{_STANDARD}；{_ORDER_87} 第55条"),
    ("RANK", "按总分由高到低排序，相同的按约定次序", "by total, best first; equals by the stated order",
     f"{_STANDARD}；{_ORDER_87} 第57条"),
    ("RANK-LOW", "按经评审的投标价由低到高排序", "by evaluated price, lowest first",
     f"招标投标法第41条；{_INTERIM} 第29条"),
    ("CANDIDATES", "中标候选人不超过三名", "at most three candidates", f"{_REGULATION} 第53条"),
    ("TOO-FEW", "有效投标不足三家的，由评标委员会认定竞争性；政府采购应予废标",
     "fewer than three valid: the committee decides on competition; in procurement the tender fails",
     f"{_INTERIM}第27条；{_ORDER_87} 第43条"),
)  # fmt: skip

RULES: Mapping[str, Rule] = MappingProxyType(
    {name: Rule(id=name, says_zh=zh, says_en=en, source=source) for name, zh, en, source in _LISTED},
)
