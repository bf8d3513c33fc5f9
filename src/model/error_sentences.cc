#include "model/error_sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "model/error_texts.h"

namespace waypost {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

// {place}: anything; the shortest that lets the rest fit.
struct Sentence {
  std::string_view en, zh;
};

// The first that fits.
constexpr Sentence kSentences[] = {
    // Names.
    {"there is no '{given}'; use one of: {choices}", "没有“{given}”，可选：{choices}"},
    {"there is no '{given}'; {choices}", "没有“{given}”，可选：{choices}"},
    {"there is no '{given}'", "没有“{given}”"},
    {"there is no event property '{given}'", "没有事件属性“{given}”"},
    {"there is no event '{given}'", "没有事件“{given}”"},
    {"there is no event {given}", "没有事件“{given}”"},
    {"there is no field '{given}'", "没有客户属性“{given}”"},
    {"there is no attribute '{given}'", "没有客户属性“{given}”"},
    {"customers have no attribute '{given}'", "客户没有属性“{given}”"},
    {"the table '{table}' has no column '{given}'", "数据表“{table}”没有列“{given}”"},
    {"table '{table}' has no column '{given}'", "数据表“{table}”没有列“{given}”"},
    {"there is no journey '{given}'", "没有旅程“{given}”"},
    {"there is no list '{given}'", "没有名单“{given}”"},
    {"there is no {kind} '{given}'", "没有{kind}“{given}”"},
    {"There is no {kind} '{given}'.", "没有{kind}“{given}”"},
    {"There is no customer with the {key} {given}.", "没有标识 {key} 为“{given}”的客户"},
    {"the {kind} '{given}' was changed after it was approved: ask again",
     "{kind}“{given}”在审批之后有改动，请重新申请审批"},
    {"Say the \"version\" that the change was made from, as GET shows it",
     "缺少“version”：请填写修改所依据的版本号，读取时会一并给出"},
    {"The {kind} '{given}' is at version {version}, not 0: read it again",
     "{kind}“{given}”已经存在，现为版本 {version}，请重新读取，并在“version”中填写这个版本号"},
    {"The {kind} '{given}' is at version {version}, not {changed}: read it again",
     "{kind}“{given}”现为版本 {version}，而修改所依据的是版本 {changed}，请重新读取后再改"},
    // Approvals.
    {"nobody approves what he asked for, and '{level}' has no one else",
     "申请人不能审批自己的申请，而环节“{level}”没有其他审批人"},
    {"nobody approves what he asked for", "申请人不能审批自己的申请"},
    {"the request is {what}", "这份申请{what}，不能再审批、转交或撤回"},
    {"its approval is {what}", "审批尚未通过：{what}"},
    {"{person} is not asked at level '{level}'", "“{person}”不是环节“{level}”的审批人"},
    {"{person} is asked at level '{level}' already",
     "“{person}”已经是环节“{level}”的审批人，请另选一位"},
    {"{person} has voted already", "“{person}”已经审批过了"},
    {"{person} has answered otherwise already", "“{person}”已经给出过不同的结果"},
    {"{person} may not approve: name somebody who may", "“{person}”没有审批权限，请另选一位"},
    {"{person}, who approved it, may not approve any more: ask again",
     "审批人“{person}”已没有审批权限，请重新申请审批"},
    {"only who asked withdraws", "只有申请人能撤回"},
    {"it was changed after it was approved: ask again", "内容在审批之后有改动，请重新申请审批"},
    {"it needs an approval: ask for one first", "尚未获批：请先申请审批，通过后才能生效"},
    {"'hash' is not that of what is asked for now: read it again",
     "申请的内容已有变化，请重新打开后再审批"},
    {"no tag is there", "没有标签在这里"},
    // Deliveries.
    {"Sensors tells no {given}; give some of entered, passed, planned and message",
     "神策没有“{given}”的事件，只能选 entered、passed、planned、message"},
    {"a form is of decisions", "只有投递旅程决定时才能选事件格式"},
    {"The user '{given}' does not exist here: ask a system administrator.",
     "本系统没有用户“{given}”，请联系系统管理员"},
    {"The user '{given}' is disabled: ask a system administrator.",
     "用户“{given}”已停用，请联系系统管理员"},
    // What a place takes.
    {"give a whole number from {least} to {most}", "请填写 {least} 到 {most} 的整数"},
    {"give a number from {least} to {most}", "请填写 {least} 到 {most} 的数"},
    {"give {least} to {most} items, not {given}", "应有 {least} 到 {most} 项，现有 {given} 项"},
    {"give a list of up to {most}", "请给出不超过 {most} 项的列表"},
    {"give a text of 1 to {most} bytes", "请填写 1 到 {most} 字节的文本"},
    {"give a text of at most {most} bytes", "文本不能超过 {most} 字节"},
    {"give a text", "请填写文本"},
    {"give true or false", "请填写 true 或 false"},
    {"give a number", "请填写数值"},
    {"give a list", "请给出列表"},
    {"give an object", "请给出 JSON 对象"},
    {"give a date, as \"{example}\"", "请填写日期，写法如 {example}"},
    {"give a path of names, as \"{example}\"", "请用“/”分层，如：{example}"},
    {"'{given}' is missing", "缺少“{given}”"},
    {"'{given}' does not belong here", "这里不能有“{given}”"},
    {"'{given}' is no duration; write {example}", "“{given}”不是时长，写法如 {example}"},
    {"'{given}' is no time; write {example}", "“{given}”不是时间，写法如 {example}"},
    {"the values of '{given}' are masked for you", "“{given}”的取值对您打码，不能用作条件"},
    {"the range ends before it begins", "时间范围的结束早于开始"},
    {"ends before it begins; \"to\" is the first moment left out", "结束早于开始"},
    {"nested deeper than {most}", "嵌套超过 {most} 层"},
    {"over {most} bytes", "超过 {most} 字节"},
    {"over {most} leaves", "条件超过 {most} 个"},
    {"over {most} conditions", "条件超过 {most} 个"},
    {"over {most} values", "取值超过 {most} 个"},
    {"over {most} events", "事件超过 {most} 个"},
    {"over {most} steps", "步骤超过 {most} 个"},
    {"over {most} units", "时间单位的数量超过 {most}"},
    {"there are {most} already", "已有 {most} 个，不能再增加"},
    {"There are {most} users.", "用户已有 {most} 个，不能再增加"},
    {"There are {most} keys.", "密钥已有 {most} 个，不能再增加"},
    // Faults of documents.
    {"there is no such field here", "这里没有这个字段"},
    {"this has an effect only {when}", "在这里不起作用"},
    {"is missing", "未填写"},
    {"give a text of at most 64 KiB", "请填写不超过 64 KiB 的文本"},
    {"give a percentage from 0 to 100", "请填写 0 到 100 的百分比"},
    {"give an amount of money that is not negative", "请填写不小于 0 的金额"},
    {"'{given}' is no time of day; write 09:00", "“{given}”不是时刻，写法如 09:00"},
    {"'{given}' is no date; write {example}", "“{given}”不是日期，写法如 {example}"},
    {"give a list of mon, tue, wed, thu, fri, sat, sun",
     "请从 mon、tue、wed、thu、fri、sat、sun 中选"},
    {"give a list of: {choices}", "请从这些里选：{choices}"},
    {"give a list of at most {most} objects", "请给出不超过 {most} 项的列表"},
    {"give a JSON object", "请给出 JSON 对象"},
    {"give objects only", "列表里只能是 JSON 对象"},
    {"a window that ends when it begins never opens", "时段的开始和结束相同，永远不会生效"},
    {"say how many at most", "请填写最多几条"},
    {"messages are counted for 366 days at most", "最长只能统计 366 天内的消息"},
    {"give one of rolling and fixed", "rolling 和 fixed 请填其中一个"},
    {"give a day such as {example}", "请填写日期，写法如 {example}"},
    {"give a day from `from` on, and within a year of it", "请填写不早于 from、且在一年之内的日期"},
    {"rules of '{given}' stand here twice", "机构“{given}”的规则写了两次"},
    {"say how many in a second", "请填写每秒最多几条"},
    {"say how many messages, or for how much money", "请填写条数或金额"},
    {"what obeys caps and counts is as if nothing was said", "既受上限又计入，等于没有例外"},
    {"spread them over a day at most", "最多分散在一天之内"},
    {"give {\"year\": ..., \"days\": [{\"date\", \"isOffDay\"}, ...]}",
     "请给出一年的放假安排，含 year 和 days，每天有 date 和 isOffDay"},
    {"day {given}: give a date as YYYY-MM-DD and isOffDay as true or false",
     "日期“{given}”有误：date 应写作 YYYY-MM-DD，isOffDay 应为 true 或 false"},
    {"day without a date: give a date as YYYY-MM-DD and isOffDay as true or false",
     "有一天没有日期：date 应写作 YYYY-MM-DD，isOffDay 应为 true 或 false"},
    // Rules.
    {"expected {what}, found the end", "这里应为{what}，但规则到此结束了"},
    {"expected {what}, found '{given}'", "这里应为{what}，而不是“{given}”"},
    {"expected {what} from {least} to {most}", "这里应为 {least} 到 {most} 的数"},
    {"expected a number", "这里应为数值"},
    {"expected {what}", "这里应为{what}"},
    {"this quote has no end", "引号没有结束"},
    {"'{given}' has no meaning here", "“{given}”在这里没有意义"},
    {"a time cannot be compared with a {type}", "时间不能与{type}比较"},
    {"'{given}' is a {type}, not a time", "“{given}”是{type}，不是时间"},
    {"'{given}' is a {type}; use one of: {choices}", "“{given}”是{type}，可用：{choices}"},
    {"{measure} needs a number; '{given}' is a {type}", "{measure} 需要数值，而“{given}”是{type}"},
    {"a condition on an event speaks of its properties only", "事件的条件只能用该事件的属性"},
    {"a month has no fixed length: give WITHIN in weeks, days or less",
     "月没有固定长度：WITHIN 请用周、天或更短的单位"},
    {"what '{given}' was is not kept", "“{given}”没有保留历史取值，不能问过去"},
    {"a sample is over 0% and up to 100%", "抽样比例应大于 0%，不超过 100%"},
    {"the segment '{given}' would be made of itself", "客群“{given}”会用到它自己"},
    {"TOP and BOTTOM compare customers: make them a segment and write IN SEGMENT",
     "TOP 和 BOTTOM 要比较客户：请先存为客群，再写 IN SEGMENT"},
    {"LIMIT chooses among customers: make it a segment", "LIMIT 要挑选客户：请先存为客群"},
    // Channels.
    {"is not known", "没有这个字段"},
    {"must be a text for one of the channel's secrets", "请填写文本，且须是这个触点的密钥之一"},
    {"must be a text", "请填写文本"},
    {"must be a whole number of {least} to {most}", "请填写 {least} 到 {most} 的整数"},
    {"must be true or false", "请填写 true 或 false"},
    {"must be an object", "请给出 JSON 对象"},
    {"must be a list of names", "请给出名称的列表"},
    {"must be a status like {example}", "请填写状态码，写法如 {example}"},
    {"must be an object of \"status\" and \"where\"", "请给出有 status 和 where 的 JSON 对象"},
    {"must be a JSON pointer like {example}", "请填写 JSON 指针，写法如 {example}"},
    {"must be a value or a list of values", "请填写一个值，或值的列表"},
    {"use 1 to {most} small letters, digits, '-' and '_'",
     "请用 1 到 {most} 个小写字母、数字、“-”和“_”"},
    {"must be '{given}', as in the path", "须是“{given}”，与路径中的一致"},
    {"must be one of the secrets", "请从密钥中选一个"},
    {"must be an https:// link with the variable key in it", "须是含有变量 key 的 https:// 链接"},
    {"must be a header", "不是有效的请求头"},
    {"must be http, mail or tasks", "可选：http、mail、tasks"},
    {"must be GET, POST, PUT or DELETE", "可选：GET、POST、PUT、DELETE"},
    {"must be hex or base64", "可选：hex、base64"},
    {"must be sent, accepted, delivered, opened, clicked, replied, rejected or bounced",
     "可选：sent、accepted、delivered、opened、clicked、replied、rejected、bounced"},
    {"the host cannot be a variable", "主机名不能是变量"},
    {"{given} is of one message, and a call has several",
     "合并请求时不能用单条消息的变量“{given}”"},
    {"there is no variable {given}", "没有变量“{given}”"},
    {"the variable entries must be in it", "须含有变量 entries"},
    {"say what their words mean", "请写明供应商的每个结果是什么含义"},
    {"has over {most} names", "名称超过 {most} 个"},
    {"has a line break", "不能换行"},
    {"a task is about a customer in a journey: try the journey instead",
     "任务由旅程产生，这里不能试发，请在旅程中试走一位客户"},
    // Contents.
    {"a text message begins or ends with who sends it: 【…】", "短信要以签名开头或结尾：【…】"},
    {"a marketing text message says how to refuse: 拒收请回复R",
     "营销短信要写明退订方式，如：拒收请回复R"},
    {"'{given}' may not be promised", "不能使用宣传用语“{given}”"},
    {"{given} is data that no message may hold", "消息中不能出现敏感数据 {given}"},
    {"a character that turns the direction of reading", "含有改变文字方向的字符"},
    {"{given} may not be in a mail", "邮件中不能有 {given}"},
    {"{given} runs a script", "{given} 会运行脚本，不能使用"},
    {"style may not load anything", "style 中不能加载内容"},
    {"a link may not begin with {given}:", "链接不能以 {given}: 开头"},
    {"line {line}: {given} is not closed", "第 {line} 行：{given} 没有闭合"},
    {"line {line}: not a name: {given}", "第 {line} 行：“{given}”不是名称"},
    {"line {line}: not a name: ", "第 {line} 行：缺少名称"},
    {"line {line}: there is no format {given}", "第 {line} 行：没有格式“{given}”"},
    {"line {line}: {given} takes a number of 0 to 8 after its ':'",
     "第 {line} 行：{given} 的“:”后要写 0 到 8 的数"},
    {"line {line}: there is no {given}", "第 {line} 行：没有 {given}"},
    {"line {line}: {given} ends nothing", "第 {line} 行：{given} 前面没有开始"},
    {"line {line}: {given} has no {wanted}", "第 {line} 行：{given} 缺少 {wanted}"},
    {"line {line}: write {wanted}", "第 {line} 行：应写 {wanted}"},
    {"line {line}: nested too deeply", "第 {line} 行：嵌套太深"},
    {"{given} may not be called", "不允许访问 {given}"},
    // Schedules.
    {"{part}: '{given}' is none; give *, numbers from {least} to {most}, ranges as 1-5, lists as "
     "1,3 and steps as */15",
     "{part}“{given}”不对：可写 *、{least} 到 {most} 的数、范围 1-5、列表 1,3 和步长 */15"},
    {"give five fields: minute, hour, day of month, month, day of week, as \"{example}\"",
     "请给出五段：分、时、日、月、周，如 {example}"},
    // People.
    {"A password has at least {least} characters.", "密码至少 {least} 个字符"},
    {"A password has at most {most} bytes.", "密码不能超过 {most} 字节"},
    {"A password has characters of {least} kinds: lower case, upper case, digits, signs.",
     "密码须包含小写字母、大写字母、数字、符号中的 {least} 类"},
    {"A password does not hold the person's name.", "密码不能包含用户名"},
    {"This password would be among the first to be guessed: choose another.",
     "这个密码太容易被猜到，请换一个"},
    {"This password was used lately: choose one that is new.", "这个密码最近用过，请换一个新的"},
    {"A user's name is 1 to {most} lower-case letters, digits, '_' and '-', and not '{given}'.",
     "用户名为 1 到 {most} 个小写字母、数字、_ 或 -，且不能是“{given}”"},
    {"A rule about rows has no FIND, no AT and no LIMIT.",
     "数据范围的规则不能有 FIND、AT 和 LIMIT"},
    {"The role '{given}' is built in: make another one.", "角色“{given}”是内置的，请另建一个"},
    {"it is {given}'s: ask them, or make a copy", "它属于 {given}：请联系本人，或另存一份"},
};

struct Word {
  std::string_view en, zh;
};

// What may stand in the places {what}, {type}, {kind} and {part}.
constexpr Word kWords[] = {
    {"a condition", "条件"},
    {"a field", "属性"},
    {"a name", "名称"},
    {"a number", "数值"},
    {"an event", "事件"},
    {"'.' and a field", "“.”和属性"},
    {"'customer' (other entities cannot be found yet)", " 'customer'（尚不能查找其他实体）"},
    {"a comparison (= != < <= > >= IN BETWEEN CONTAINS STARTS ENDS MATCHES HAS UNDER OVER IS LAST "
     "NEXT SINCE)",
     "比较方式（= != < <= > >= IN BETWEEN CONTAINS STARTS ENDS MATCHES HAS UNDER OVER IS LAST "
     "NEXT SINCE）"},
    {"a whole number of customers or a % up to 100", "客户数（整数）或不超过 100 的 %"},
    {"a time: '2026-03-01', NOW, TODAY, 7 DAYS AGO",
     "时间（'2026-03-01'、NOW、TODAY 或 7 DAYS AGO）"},
    {"a 'text' to seed the choice with", "作为抽样种子的 '文本'"},
    {"a number after the sign", "正负号后的数值"},
    {"AND, OR, LIMIT or the end", " AND、OR、LIMIT 或结尾"},
    {"THEN and the next event", " THEN 和下一个事件"},
    {"SECONDS, MINUTES, HOURS, DAYS, WEEKS, MONTHS, QUARTERS or YEARS",
     "时间单位（如 DAYS、WEEKS、MONTHS）"},
    {"a value (a number, a 'text', TRUE, FALSE, NOW, TODAY or 7 DAYS AGO)",
     "取值（数、'文本'、TRUE、FALSE、NOW、TODAY 或 7 DAYS AGO）"},
    {"bool", "是/否"},
    {"int", "整数"},
    {"double", "数值"},
    {"number", "数值"},
    {"decimal", "金额"},
    {"string", "文本"},
    {"datetime", "时间"},
    {"date", "日期"},
    {"list", "列表"},
    {"segment", "客群"},
    {"tag", "标签"},
    {"user", "用户"},
    {"role", "角色"},
    {"organisation", "机构"},
    {"key", "密钥"},
    {"journey", "旅程"},
    {"question", "已存查询"},
    {"dashboard", "看板"},
    {"template", "模板"},
    {"table", "数据表"},
    {"task", "任务"},
    {"zone", "时区"},
    {"channel", "触点"},
    {"approval_flow", "审批流程"},
    {"journey_template", "旅程模板"},
    {"table_source", "数据来源"},
    {"delivery", "标签快递"},
    {"right", "权限"},
    {"open", "还在审批中"},
    {"approved", "已通过"},
    {"rejected", "已被拒绝"},
    {"withdrawn", "已撤回"},
    {"expired", "已过期"},
    {"node", "节点"},
    {"node type", "节点类型"},
    {"time zone", "时区"},
    {"step", "步骤"},
    {"function", "函数"},
    {"measure", "度量"},
    {"festival", "节日"},
    {"experiment", "实验"},
    {"source", "数据源"},
    {"minute", "分"},
    {"hour", "时"},
    {"day of month", "日"},
    {"month", "月"},
    {"day of week", "周"},
};

bool IsWorded(std::string_view place) {
  return place == "what" || place == "type" || place == "kind" || place == "part";
}

std::string Worded(const std::pair<std::string, std::string>& value) {
  const auto* word =
      IsWorded(value.first) ? std::ranges::find(kWords, value.second, &Word::en) : std::end(kWords);
  return word == std::end(kWords) ? value.second : std::string(word->zh);
}

// Whether all of `text` fits the pattern; what stands in its places is added to `values`.
bool Fits(std::string_view text, std::string_view pattern, Values* values) {
  while (true) {
    const size_t open = pattern.find('{');
    if (!text.starts_with(pattern.substr(0, open))) return false;
    if (open == pattern.npos) return text.size() == pattern.size();
    const size_t close = pattern.find('}', open);
    const std::string_view place = pattern.substr(open + 1, close - open - 1);
    text.remove_prefix(open);
    pattern.remove_prefix(close + 1);
    const std::string_view next = pattern.substr(0, pattern.find('{'));
    const size_t end = next.empty() ? text.size() : text.find(next);
    if (end == text.npos || end == 0) return false;
    values->emplace_back(place, text.substr(0, end));
    text.remove_prefix(end);
  }
}

// The pattern with its places filled.
std::string Filled(std::string_view pattern, const Values& values) {
  std::string text;
  for (size_t open; (open = pattern.find('{')) != pattern.npos;) {
    const size_t close = pattern.find('}', open);
    text += pattern.substr(0, open);
    const std::string_view place = pattern.substr(open + 1, close - open - 1);
    const auto value = std::ranges::find(values, place, &Values::value_type::first);
    if (value != values.end()) text += Worded(*value);
    pattern.remove_prefix(close + 1);
  }
  return text.append(pattern);
}

// "steps[1].where.op" of "steps[1].where.op: give a text"; empty when it begins with no path.
std::string_view PathOf(std::string_view text) {
  const size_t colon = text.find(": ");
  const std::string_view path = colon == text.npos ? std::string_view() : text.substr(0, colon);
  const auto in_path = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '[' || c == ']' || c == '-' || c == '$' || c == '/';
  };
  return std::ranges::all_of(path, in_path) ? path : std::string_view();
}

// The first sentence that fits; its values are added.
const Sentence* Find(std::string_view text, Values* values) {
  const size_t before = values->size();
  for (const Sentence& one : kSentences) {
    if (Fits(text, one.en, values)) return &one;
    values->resize(before);
  }
  return nullptr;
}

// Cuts "; did you mean 'pay'?" off and returns what may be meant.
std::string_view MeantIn(std::string_view* sentence) {
  constexpr std::string_view kHint = "; did you mean ";
  const size_t at = sentence->find(kHint);
  if (at == sentence->npos || !sentence->ends_with('?')) return {};
  std::string_view meant = sentence->substr(at + kHint.size());
  meant.remove_suffix(1);
  if (meant.size() > 2 && meant.starts_with('\'')) meant = meant.substr(1, meant.size() - 2);
  *sentence = sentence->substr(0, at);
  return meant;
}

// "say how many at most (missing)" ends with a code.
bool EndsWithCode(std::string_view text) {
  const size_t open = text.rfind(" (");
  if (open == text.npos || !text.ends_with(')')) return false;
  const std::string_view code = text.substr(open + 2, text.size() - open - 3);
  return !code.empty() &&
         std::ranges::all_of(code, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

// What is wrong with a document, each with its place and code, as journeys list it:
// "caps.limit: say how many at most (missing); node 'a' for: is missing (missing)". Empty when the
// sentence is no such list.
std::vector<std::string_view> FaultsIn(std::string_view sentence) {
  std::vector<std::string_view> faults;
  size_t from = 0;
  for (size_t end = 0; end < sentence.size();) {
    end = std::min(sentence.find("; ", end + 1), sentence.size());
    if (!EndsWithCode(sentence.substr(from, end - from))) continue;
    faults.push_back(sentence.substr(from, end - from));
    from = std::min(end + 2, sentence.size());
  }
  return from == sentence.size() ? faults : std::vector<std::string_view>();
}

// One whose sentence is not in the table stays as it is; nothing when all would.
std::optional<ChineseSentence> SayFaults(const std::vector<std::string_view>& faults) {
  ChineseSentence all;
  bool any = false;
  for (std::string_view fault : faults) {
    fault = fault.substr(0, fault.rfind(" ("));
    if (!all.text.empty()) all.text += "；";
    Values node;
    if (Fits(fault, "node '{node}' {rest}", &node)) {
      all.text += "节点“" + node[0].second + "”的 ";
      fault.remove_prefix(fault.size() - node[1].second.size());
    }
    const auto said = SayInChinese(fault);
    all.text += said ? said->text : std::string(fault);
    any |= said.has_value();
  }
  return any ? std::optional(std::move(all)) : std::nullopt;
}

}  // namespace

FaultPlace PlaceOfFault(std::string_view sentence) {
  FaultPlace place{.what = sentence};
  const auto is_known = [](std::string_view text) {
    Values values;
    MeantIn(&text);
    return Find(text, &values) != nullptr;
  };
  if (const std::string_view path = PathOf(sentence); !path.empty()) {
    const std::string_view rest = sentence.substr(path.size() + 2);
    // "hour: '25' is none" is a sentence of its own.
    if (rest.starts_with("line ") || !is_known(sentence)) place.path = path, place.what = rest;
  }
  Values values;
  if (!Fits(place.what, "line {line}, column {column}: {rest}", &values)) return place;
  const auto number = [](const std::string& text, int* value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
    return error == std::errc() && end == text.data() + text.size();
  };
  int line = 0, column = 0;
  if (!number(values[0].second, &line) || !number(values[1].second, &column)) return place;
  place.line = line, place.column = column;
  place.what.remove_prefix(place.what.size() - values[2].second.size());
  return place;
}

std::optional<ChineseSentence> SayInChinese(std::string_view sentence) {
  if (auto said = SayFaults(FaultsIn(sentence))) return said;
  const FaultPlace place = PlaceOfFault(sentence);
  ChineseSentence said;
  if (!place.path.empty()) said.text += std::string(place.path) + "：";
  if (place.line > 0) said.text += fmt::format("第 {} 行第 {} 列：", place.line, place.column);
  std::string_view what = place.what;
  const std::string_view meant = MeantIn(&what);
  const Sentence* found = Find(what, &said.values);
  if (!found) return std::nullopt;
  said.text += Filled(found->zh, said.values);
  if (!meant.empty()) {
    said.text += "，是否想写“" + std::string(meant) + "”？";
    said.values.emplace_back("meant", meant);
  }
  return said;
}

std::string InChinese(const Error& error) {
  if (auto said = SayInChinese(error.message())) return std::move(said->text);
  const ErrorText* text = FindErrorText(error.name());
  return std::string(text ? text->zh : error.message());
}

}  // namespace waypost
