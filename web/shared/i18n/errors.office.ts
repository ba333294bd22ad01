// Sentences for errors of the page itself, of access, of the office work, and between the centres.
import type { Sentences } from "./sentences";

export const OFFICE_ERRORS: Sentences = {
  // the page and the request
  "node-unreachable": [
    "暂时连不上本中心的服务。已录入的内容保存在本机，连接恢复后继续。",
    "Your centre does not answer now. What you entered is kept on this computer; go on when it is back.",
  ],
  "page-failed": [
    "页面未能完成这一步，内容未改动。请刷新页面；仍不行请联系现场工作人员。",
    "The page could not do this; nothing was changed. Reload it, and call the staff if that does not help.",
  ],
  "store-failed": [
    "本机浏览器无法保存内容。请检查磁盘空间，或换一台电脑。",
    "This browser cannot store anything. Check the disk, or use another computer.",
  ],
  "not-found": ["没有找到所要的内容。", "This was not found."],
  "not-permitted": ["您没有办理这一事项的权限。", "You may not do this."],
  "wrong-stage": ["当前阶段不能办理这一事项。", "This cannot be done in the present stage."],
  conflict: ["内容已被他人更新，请刷新后再办理。", "Somebody else was there first; reload and try again."],
  "invalid-record": ["提交的内容不符合规定，未被接受。", "What was sent does not follow the rules and was not taken."],
  "evidence-mismatch": [
    "核对结果不一致，已停止办理并保留现状。请联系现场工作人员。",
    "Two things that must agree do not. Nothing goes on; please call the staff.",
  ],
  unavailable: [
    "所需的服务暂时没有应答，稍后会自动恢复。",
    "Something outside does not answer now; it is tried again by itself.",
  ],
  error: ["操作未完成，内容未改动。", "This was not done; nothing was changed."],
  "internal-error": [
    "服务内部出现故障，内容未改动。请联系现场工作人员。",
    "A fault inside the service; nothing was changed. Please call the staff.",
  ],
  "request-refused": ["请求未被接受，内容未改动。", "The request was not taken; nothing was changed."],
  "peer-answer-too-large": [
    "对方中心的答复过大，已放弃。",
    "The other centre's answer was too large and was given up.",
  ],
  "certificate-not-trusted": [
    "签名证书不是由受信任的机构签发。",
    "The certificate leads to no authority trusted here.",
  ],
  "certificate-of-another": [
    "签名证书上的姓名或名称与签署席位登记的不一致，未签署。",
    "The certificate names somebody else than sits there. Nothing was signed.",
  ],
  "certificate-of-another-centre": [
    "签名证书上的单位不是该席位所属中心，未签署。",
    "The certificate names another organisation than the seat's centre. Nothing was signed.",
  ],
  "certificate-profile": [
    "签名证书的用途不符：须为专家签名或中心签章证书。",
    "The certificate is issued for another use than this signature or seal.",
  ],
  "certificate-issuer": [
    "签名证书不是由信任文件为该中心指定的机构签发。",
    "The certificate's issuer is not the one the trust file pins for this centre.",
  ],
  "seal-not-pinned": [
    "签章证书不是信任文件为该中心指定的证书。",
    "The seal's certificate is not one the trust file pins for this centre.",
  ],
  "certificate-of-two": [
    "这份报告中另一位已用同一证书签名，一证只能代表一人。",
    "Somebody else has signed this report with the same certificate; one certificate is one person's.",
  ],
  "certificate-not-valid-yet": [
    "签名证书尚未生效：两地时钟可能不一致，将自动重试。",
    "The certificate is not valid yet: two clocks may differ. It is tried again by itself.",
  ],
  "request-too-slow": [
    "提交的内容传送过慢，已放弃，请重试。",
    "What was sent came too slowly and was given up; try again.",
  ],
  "too-many-requests": ["请求过于频繁，请稍候再试。", "Too many requests; please wait a little."],
  "request-too-large": ["提交的内容过大。", "What was sent is too large."],
  "malformed-request": ["请求格式有误，未被接受。", "The request was malformed and not taken."],
  "method-not-allowed": ["此处不支持这种操作。", "This cannot be done here."],
  "invalid-request": ["填写的内容有误，请检查后再提交。", "Something entered is not right; please check it."],

  // access
  "not-signed-in": ["登录已失效，请重新登录。", "You are signed out; please sign in again."],
  "csrf-mark-wrong": ["页面已过期，请刷新后再办理。", "This page is out of date; please reload it."],
  "role-not-permitted": ["您的身份不能办理这一事项。", "Your role may not do this."],
  "enrolment-code-unknown": [
    "登记码不正确、已使用或已过期。请核对后重新输入。",
    "The code is wrong, used or expired. Please check it.",
  ],
  "passkey-unsupported": [
    "本浏览器不支持通行密钥，或网址不是安全地址。请更换浏览器或联系工作人员。",
    "This browser or address does not support passkeys. Use another, or call the staff.",
  ],
  "passkey-cancelled": [
    "通行密钥验证没有完成。请再试一次，并在设备上确认。",
    "The passkey was not confirmed. Try again and confirm on your device.",
  ],
  "passkey-already-there": [
    "本设备上已有您的通行密钥，请直接登录。",
    "This device already holds your passkey; simply sign in.",
  ],
  "passkey-not-accepted": [
    "通行密钥未通过验证。请使用在本中心登记的密钥。",
    "The passkey was not accepted. Use the one enrolled at this centre.",
  ],
  "passkey-unknown": [
    "本中心没有登记这把通行密钥。首次使用请输入登记码。",
    "This centre does not know the passkey. First time here? Enter your code.",
  ],
  "passkey-of-another-person": [
    "这把通行密钥属于另一个人。请使用您自己的密钥。",
    "This passkey belongs to somebody else. Use your own.",
  ],
  "passkey-of-another-seat": [
    "这把通行密钥不是本席位签到时所用的。请使用签到时的密钥。",
    "This is not the passkey used to check in at this seat. Use that one.",
  ],
  "passkey-key": ["通行密钥的类型不受支持。", "This kind of passkey is not supported."],
  "ceremony-unknown": ["验证已超时，请重新开始。", "The confirmation took too long; please begin again."],
  "ceremony-of-another-person": [
    "这次验证由另一个人发起，请重新开始。",
    "Somebody else began this confirmation; please begin again.",
  ],
  "ceremony-of-another-seat": [
    "这次验证属于另一个席位，请重新开始。",
    "This confirmation belongs to another seat; please begin again.",
  ],
  "person-unknown": ["本中心没有登记此人。", "This centre does not know this person."],
  "assertion-challenge": [
    "通行密钥确认的内容与本次不符，请重新确认。",
    "The passkey confirmed something else; please confirm again.",
  ],
  "assertion-malformed": [
    "通行密钥的应答无法读取，请重新确认。",
    "The passkey's answer cannot be read; please confirm again.",
  ],
  "assertion-origin": ["通行密钥是在另一个网址上确认的。", "The passkey was used at another address."],
  "assertion-site": ["通行密钥属于另一个网站。", "The passkey belongs to another site."],
  "assertion-replayed": ["这次确认已经用过，请重新确认。", "This confirmation was used before; please confirm again."],
  "assertion-signature": ["通行密钥的签名不正确。", "The passkey's signature does not hold."],
  "user-not-verified": [
    "设备没有核验到您本人，请用指纹、面容或口令确认。",
    "The device did not verify you; use your fingerprint, face or PIN.",
  ],
  "passkey-asked-otherwise": [
    "要求通行密钥确认的内容与屏幕显示的不一致，未作确认。请刷新页面，并告知现场工作人员。",
    "The passkey was asked to confirm something else than shown. Nothing was confirmed; reload and tell the staff.",
  ],
  "nonce-size": ["一次性随机数长度不对。", "A one-time number has the wrong size."],

  // tenders and documents
  "sample-unknown": ["没有这份项目资料。", "There is no such sample."],
  "tender-unknown": ["没有登记这个项目。", "This tender is not registered."],
  "tender-registered-already": ["这个项目已经登记过。", "This tender is registered already."],
  "tender-incomplete": ["项目资料不完整。", "The tender lacks something."],
  "tender-invalid": ["项目资料有误。", "Something in the tender is not right."],
  "tender-too-large": ["项目资料过大。", "The tender is too large."],
  "too-few-bidders": ["投标人少于三家，不能评标。", "Fewer than three bidders: it cannot be evaluated."],
  "bidder-repeated": ["同一投标人出现了两次。", "A bidder stands there twice."],
  "price-over-control": ["有投标报价超过招标控制价。", "A price exceeds the control price."],
  "uscc-check-digit": ["统一社会信用代码的校验位不正确。", "The credit code's check character is wrong."],
  "document-missing": ["缺少投标文件。", "A bid file is missing."],
  "document-unknown": ["本项目没有这份文件。", "This tender has no such file."],
  "document-too-large": ["文件过大。", "The file is too large."],
  "document-digest": ["文件与登记的摘要不一致。", "The file differs from its registered digest."],
  "not-a-pdf": ["文件不是 PDF。", "The file is no PDF."],
  "document-encrypted": [
    "文件 {name} 设有密码或已加密，不能登记，请提供未加密的文件。",
    "The file {name} is protected by a password or encrypted: please supply it without.",
  ],
  "disk-unavailable": ["本中心的存储暂不可用。", "The centre's disk is not available."],

  // invitations
  "invitation-id": [
    "邀请编号与项目、主场和副场不符。",
    "The invitation's number does not fit its project and centres.",
  ],
  "invitation-title": ["邀请中的项目名称为空或过长。", "The invitation's title is empty or too long."],
  "invitation-unknown": ["没有这份邀请。", "There is no such invitation."],
  "invitation-not-open": [
    "这份邀请已有结果或已逾期，不能再答复。",
    "This invitation is settled or expired; it cannot be answered.",
  ],
  "invitation-open-already": ["已有一份发给该中心的邀请尚未答复。", "An invitation to this centre is still open."],
  "invitation-not-confirmed": ["副场尚未确认，不能准备评标会话。", "The guest has not confirmed yet."],
  "invitation-times": ["邀请中的时间次序有误或已过去。", "The times of the invitation are past or out of order."],
  "invitation-seats": ["席位数应在 1 至 50 之间。", "Between 1 and 50 seats, please."],
  "invitation-malformed": ["邀请内容无法读取。", "The invitation cannot be read."],
  "project-of-another-host": [
    "这个项目由另一中心主持，不能由本次邀请的主场主持。",
    "Another centre hosts this project; the one that invites now does not.",
  ],
  "invitation-differs": ["两地保存的邀请内容不一致。", "The two centres hold different invitations."],
  "guest-is-host": ["不能邀请本中心。", "A centre cannot invite itself."],
  "not-your-invitation": ["这份邀请不由本中心答复。", "This invitation is not yours to answer."],
  "refusal-reason-unknown": ["请选择拒绝原因。", "Please choose a reason."],
  "follower-unknown": ["本中心没有这项后台任务。", "This centre has no such background work."],

  // experts and seats
  "catalogue-unreadable": ["专家名录无法读取。", "The catalogue of experts cannot be read."],
  "expert-unknown": ["名录中没有这位专家。", "The catalogue has no such expert."],
  "expert-named-twice": ["同一位专家不能占两个席位。", "One expert cannot take two seats."],
  "expert-changed": ["该席位的专家与此前不符。", "Another expert was bound to this seat before."],
  "must-recuse": [
    "名录显示专家 {expert} 与本项目当事人（{party}）存在应当回避的关系，不能参加评标，请更换。",
    "By its file the expert {expert} is tied to a party of this project ({party}) and must recuse: name another.",
  ],
  "seat-count": ["席位数与主场请求的不一致。", "The number of seats is not what the host asked for."],
  "seat-named-twice": ["同一席位安排了两次。", "A seat was named twice."],
  "lack-unexplained": [
    "席位 {seat} 的专家不满足法定年限或职称，请写明理由。",
    "The expert on seat {seat} lacks years or title; please write why.",
  ],
  "seat-numbering": ["席位编号应从 1 起连续。", "Seats are numbered from 1 without gaps."],
  "seat-unnamed": ["该席位还没有安排专家。", "Nobody is named to this seat."],
  "seats-not-named": ["请先安排本中心的席位。", "Name experts to your own seats first."],
  "seats-not-agreed": ["席位数与已确认的邀请不一致。", "The seats differ from the confirmed invitation."],
  "seats-stand": ["评标已经准备，席位不能再改。", "The session is prepared; the seats stand."],

  // between the centres
  "centre-not-started": [
    "这个中心还没有启动过，没有可检查的内容。先用 tongping up 启动。",
    "This centre has never been started; there is nothing to check. Start it with tongping up first.",
  ],
  "peer-unknown": ["没有登记这个中心。", "This centre is not known here."],
  "peer-unreachable": [
    "对方中心暂时没有应答，系统会自动重试。",
    "The other centre does not answer; it is tried again.",
  ],
  "peer-answer-malformed": ["对方中心的应答无法读取。", "The other centre's answer cannot be read."],
  "peer-body-altered": ["收到的内容在途中被改动。", "What arrived was altered on the way."],
  "peer-clock-skew": [
    "两地时钟相差过大，请校准时间；校准后自动继续。",
    "The clocks of the two centres differ too much; set them right and it goes on by itself.",
  ],
  "peer-key-malformed": ["对方中心的公钥无法读取。", "The other centre's key cannot be read."],
  "peer-request-misdirected": ["请求送错了中心。", "The request was meant for another centre."],
  "peer-request-replayed": [
    "同一请求到达两次，第二次未受理；将重新签名后再发。",
    "The same request came twice; the second was not taken. It is signed anew and sent again.",
  ],
  "peer-signature-malformed": ["对方中心的签名无法读取。", "The other centre's signature cannot be read."],
  "peer-signature-missing": ["请求没有签名。", "The request is not signed."],
  "peer-signature-wrong": ["对方中心的签名不正确。", "The other centre's signature does not hold."],
  "centre-unknown": ["会话中有不认识的中心。", "The session names a centre unknown here."],
  "centre-key-differs": ["某中心的密钥与登记的不一致。", "A centre's key differs from the registered one."],
  "not-a-venue": ["本中心不参加这次评标。", "This centre takes no part in this evaluation."],
  "not-the-host": ["只有主场可以办理这一事项。", "Only the host may do this."],
  "links-not-open": ["连接服务尚未启动，请稍候。", "Connections are not open yet; please wait."],

  // running a centre
  "config-invalid": ["配置文件中有一项不正确。", "Something in the configuration is not right."],
  "config-unreadable": ["配置文件无法读取。", "The configuration cannot be read."],
  "members-unreadable": ["成员文件无法读取。", "The members file cannot be read."],
  "members-invalid": ["成员文件中有一项不正确。", "Something in the members file is not right."],
  "folder-in-use": ["文件夹不是空的，未做任何改动。", "The folder is not empty; nothing was changed."],
  "port-in-use": ["所需端口已被占用。", "The port is in use."],
  "start-failed": ["服务未能启动。", "The service could not start."],
  "key-unreadable": ["密钥文件无法读取。", "A key file cannot be read."],
  "keys-unavailable": ["密钥目录不可用。", "The keys are not available."],
  "store-busy": ["本中心正忙，请稍后再试。", "The centre is busy; please try again."],
  "store-unavailable": ["本中心的数据库暂不可用。", "The centre's database is not available."],
  "conflicting-write": ["内容刚被更新，请刷新后再办理。", "This was just changed; reload and try again."],
  "work-within-work": ["一项办理尚未结束，不能开始另一项。", "One piece of work is not finished yet."],
  "size-unknown": ["账本没有这个长度。", "The ledger never had this size."],
  "time-in-the-future": [
    "记录的时间晚于当前时间，请校准时钟。",
    "The record's time lies in the future; check the clock.",
  ],
  "node-died": ["本中心的服务已退出。", "The centre's service has ended."],
  "node-missing": ["缺少运行所需的程序。", "A needed program is missing."],
  "node-silent": ["本中心的服务没有应答。", "The centre's service does not answer."],
  "demo-ended": ["演示已结束。", "The demonstration has ended."],
  "demo-waited-too-long": ["演示等待超时。", "The demonstration waited too long."],
};
