// What the console says of alarms, in Chinese: what happened, what is safe, what to do.
export default {
  title: "报警", none: "没有未解除的报警", count: "{n} 项报警", critical: "严重", warning: "提醒", since: "自 {at} 起", last: "最近一次发现 {at}",
  safe: "仍然可靠", act: "请这样处理", technical: "核查用的技术信息", code: "代码", expected: "应为", found: "实为", record: "记录编号",
  acknowledge: "已知悉，写明处理情况", acknowledging: "知悉报警", consequence: "报警会保持打开，直到问题消除。您写的处理情况记入本中心账本，不能撤回。",
  clockConsequence: "确认后，系统以现在的本机时间为准。您写的处理情况记入本中心账本，不能撤回。",
  reason: "处理情况", send: "记录处理情况", acknowledged: "{by} 于 {at} 已知悉：{reason}",
  name: {
    fork: { title: "出现两份历史", safe: "已上链的内容没有变，其他中心留有副本，任何人都能据此核对。", act: "请立即通知监督人员和相关中心，保全数据，不要修改数据库；再运行 tongping fsck 查明是哪条记录。" },
    "altered-record": { title: "记录被改动", safe: "已上链的摘要没有变，能证明原来的内容是否完整。", act: "请立即通知监督人员，保全数据库和账本文件；再运行 tongping fsck 查明是哪条记录、哪个字段。" },
    "missing-seq": { title: "记录缺号", safe: "其余记录完好，账本能证明缺少的是哪一条。", act: "请立即通知监督人员，停止修改数据；缺少的部分可以按手册从其他中心的镜像找回。" },
    "missed-anchor": { title: "记录迟迟没有上链", safe: "记录已保存在本中心，没有丢失，恢复后自动补上。", act: "请检查区块链节点和网络，以及下方“上链”任务的状态。" },
    unwitnessed: { title: "不能见证另一中心的账本", safe: "本中心的账本不受影响，此前的见证仍然有效。", act: "请联系该中心，核对其服务、地址和密钥。" },
    "key-expiry": { title: "密钥或证书到期", safe: "有效期内签署的内容以后仍可核验。", act: "请在到期前按手册更换；到期后新的签署不再被接受。" },
    clock: { title: "本机时钟跳变", safe: "记录的先后次序不受影响；在确认之前，到期判断暂不改变。", act: "请校准本机时钟；如果现在的时间正确，请在此确认。" },
  },
  subject: {
    log: "{who}的账本", head: "{who}的链上记录", project: "项目 {what}", own: "本中心的日常记录", room: "会话 {what} · {who}", entries: "第 {what} 条记录",
    checkpoint: "前 {what} 条记录", key: "{what}", clock: "本机时钟",
    keys: { seal: "电子签章证书", timestamps: "时间戳证书", issuer: "{what}的签发证书", registry: "{who}在中心名册中的有效期" },
  },
} as const;
