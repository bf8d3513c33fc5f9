// What the bank is made of before any customer walks in: cities with branches, relationship
// managers, products, pages, campaigns. Everything is made from the seed; the texts live as long as
// the World.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::demo {

struct Branch {
  std::string_view city;
  std::string_view province;
  std::string_view name;
  std::vector<std::string_view> managers;
};

struct Product {
  std::string_view id;
  std::string_view name;
  std::string_view type;  // "存款", "理财", "基金", "保险", "黄金"
  int risk = 1;           // 1 (lowest) .. 5
  int term_days = 0;      // 0: no term
  double yield = 0;       // a year, percent
};

struct Campaign {
  std::string_view id;
  std::string_view name;
  std::string_view product_type;         // what it is for: buyers come more easily to it
  int first_month = 1, last_month = 12;  // when it runs
};

struct World {
  std::vector<Branch> branches;  // the busiest first
  std::vector<Product> products;
  std::vector<Campaign> campaigns;
  std::deque<std::string> texts;  // what the views point into, where they are not literals
};

World MakeWorld(uint64_t seed);

class Random;
// A family name and a given name as often as they are met. `female` chooses the given name.
std::string MakeName(Random& random, bool female);

}  // namespace waypost::demo
