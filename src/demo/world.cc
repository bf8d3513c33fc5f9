#include "demo/world.h"

#include <array>

#include "demo/random.h"

namespace waypost::demo {
namespace {

struct City {
  std::string_view name;
  std::string_view province;
  int branches;
};
constexpr City kCities[] = {
    {"上海市", "上海", 9}, {"北京市", "北京", 8},     {"深圳市", "广东", 7}, {"广州市", "广东", 7},
    {"杭州市", "浙江", 6}, {"成都市", "四川", 6},     {"南京市", "江苏", 5}, {"武汉市", "湖北", 5},
    {"苏州市", "江苏", 5}, {"重庆市", "重庆", 5},     {"西安市", "陕西", 4}, {"宁波市", "浙江", 4},
    {"长沙市", "湖南", 4}, {"青岛市", "山东", 4},     {"郑州市", "河南", 4}, {"天津市", "天津", 4},
    {"合肥市", "安徽", 3}, {"厦门市", "福建", 3},     {"福州市", "福建", 3}, {"济南市", "山东", 3},
    {"无锡市", "江苏", 3}, {"佛山市", "广东", 3},     {"东莞市", "广东", 3}, {"沈阳市", "辽宁", 2},
    {"大连市", "辽宁", 2}, {"昆明市", "云南", 2},     {"南昌市", "江西", 2}, {"贵阳市", "贵州", 2},
    {"南宁市", "广西", 2}, {"哈尔滨市", "黑龙江", 1},
};
constexpr std::string_view kPlaces[] = {"人民路", "中山路", "解放路", "高新区", "科技园",
                                        "滨江",   "新城",   "东门",   "湖滨"};

constexpr std::string_view kFamilyNames[] = {
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙",  "马",
    "朱", "胡", "郭", "何", "林", "罗", "高", "郑", "梁", "谢", "宋", "唐",  "许",
    "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于",  "蒋",
    "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "欧阳"};
constexpr std::string_view kFemale[] = {"丽", "静", "敏", "娜", "芳", "婷", "雪", "琳",
                                        "颖", "佳", "怡", "欣", "雨", "梦", "慧", "洁"};
constexpr std::string_view kMale[] = {"伟", "强", "磊", "军", "勇", "杰", "涛", "超",
                                      "明", "辉", "鹏", "浩", "宇", "晨", "博", "志"};

struct Series {
  std::string_view type;
  std::string_view name;
  int risk;
  double yield;
  std::array<int, 4> terms;  // days, 0 after the last; all 0: no term, one product
};
constexpr Series kSeries[] = {
    {"理财", "安心盈", 2, 2.6, {30, 90, 180, 365}},
    {"理财", "月月享", 2, 2.4, {30, 0, 0, 0}},
    {"理财", "远山稳健", 2, 2.9, {90, 180, 365, 730}},
    {"理财", "远山进取", 3, 3.4, {180, 365, 730, 0}},
    {"理财", "日日金", 1, 1.8, {0, 0, 0, 0}},
    {"基金", "远山沪深300指数", 4, 5.1, {0, 0, 0, 0}},
    {"基金", "远山消费精选混合", 4, 6.0, {0, 0, 0, 0}},
    {"基金", "远山纯债", 2, 3.2, {0, 0, 0, 0}},
    {"基金", "远山科技先锋股票", 5, 7.5, {0, 0, 0, 0}},
    {"基金", "远山货币", 1, 1.7, {0, 0, 0, 0}},
    {"存款", "大额存单", 1, 2.1, {180, 365, 730, 1095}},
    {"存款", "整存整取", 1, 1.6, {90, 180, 365, 1095}},
    {"保险", "安康重疾险", 1, 0, {3650, 0, 0, 0}},
    {"保险", "金色年华年金", 1, 2.5, {3650, 7300, 0, 0}},
    {"黄金", "积存金", 4, 0, {0, 0, 0, 0}},
};

constexpr Campaign kCampaigns[] = {
    {"CP01", "新春财富季", "理财", 1, 2},    {"CP02", "发薪日加息", "理财"},
    {"CP03", "大额存单抢购", "存款", 3, 5},  {"CP04", "基金定投有礼", "基金"},
    {"CP05", "新客专享理财", "理财"},        {"CP06", "家庭保障周", "保险", 5, 6},
    {"CP07", "积存金周周惠", "黄金", 9, 12}, {"CP08", "到期续投提醒", "理财"},
    {"CP09", "权益基金节", "基金", 6, 8},    {"CP10", "代发客户礼遇", "存款", 11, 12},
};

std::string_view Keep(World* world, std::string text) {
  return world->texts.emplace_back(std::move(text));
}

void AddBranches(World* world, Random& random) {
  for (int n = 0; n < static_cast<int>(std::size(kPlaces)); ++n) {
    for (const City& city : kCities) {
      if (n >= city.branches) continue;
      const std::string_view stem =
          city.name.substr(0, city.name.size() - std::string_view("市").size());
      Branch branch{city.name, city.province, {}, {}};
      branch.name = Keep(world, std::string(stem) + std::string(kPlaces[n]) + "支行");
      for (int64_t i = random.Between(3, 8); i > 0; --i) {
        branch.managers.push_back(Keep(world, MakeName(random, random.Chance(0.5))));
      }
      world->branches.push_back(std::move(branch));
    }
  }
}

std::string TermName(int days) {
  if (days % 365 == 0) return std::to_string(days / 365) + "年";
  return std::to_string(days) + "天";
}

void AddProducts(World* world) {
  for (const Series& series : kSeries) {
    for (size_t i = 0; i < series.terms.size() && (i == 0 || series.terms[i] > 0); ++i) {
      const int term = series.terms[i];
      Product product;
      const size_t number = world->products.size() + 1;
      product.id = Keep(world, (number < 10 ? "P00" : "P0") + std::to_string(number));
      product.name = Keep(world, std::string(series.name) + (term ? TermName(term) : ""));
      product.type = series.type;
      product.risk = series.risk;
      product.term_days = term;
      product.yield = series.yield + 0.0004 * term;
      world->products.push_back(product);
    }
  }
}

}  // namespace

std::string MakeName(Random& random, bool female) {
  const std::span<const std::string_view> given = female
                                                      ? std::span<const std::string_view>(kFemale)
                                                      : std::span<const std::string_view>(kMale);
  std::string name(kFamilyNames[random.Popular(std::size(kFamilyNames))]);
  name += random.Pick(given);
  if (random.Chance(0.6)) name += random.Pick(given);
  return name;
}

World MakeWorld(uint64_t seed) {
  World world;
  Random random(seed, /*stream=*/1, 0);
  AddBranches(&world, random);
  AddProducts(&world);
  world.campaigns.assign(std::begin(kCampaigns), std::end(kCampaigns));
  return world;
}

}  // namespace waypost::demo
