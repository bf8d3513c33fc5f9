#include "people/people.h"

#include <argon2.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/clock.h"
#include "catalog/test_catalog.h"
#include "io/sim_random.h"

namespace waypost::people {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Roles = std::vector<std::string>;

constexpr HashCost kCheap{.kibibytes = 64, .passes = 1};

class PeopleTest : public testing::Test {
 protected:
  PeopleTest() { Open("asvs"); }
  void Open(std::string_view profile) {
    people_.reset();
    people_ = People::Open(catalog_.Open(), clock_, random_,
                           {.passwords = *FindPasswordProfile(profile), .cost = kCheap})
                  .value();
  }
  bool Proves(std::string_view name, std::string_view password) {
    return people_->Prove(name, password).ok();
  }

  const catalog::TestCatalog catalog_;
  ManualClock clock_{1'750'000'000'000};
  io::SimRandom random_{3};
  std::unique_ptr<People> people_;
};

TEST_F(PeopleTest, NobodyIsThereFromTheStart) {
  EXPECT_TRUE(people_->All().empty());
  for (const char* name : {"admin", "root", "token", ""}) EXPECT_FALSE(Proves(name, name));
}

TEST_F(PeopleTest, AUserSignsInWithTheNewPasswordAndMustChangeIt) {
  const std::string password = people_->Create({.name = "li", .title = "李娜"}).value();
  Open("asvs");
  const User user = people_->Prove("li", password).value();
  EXPECT_EQ(user.title, "李娜");
  EXPECT_TRUE(user.must_change);
  EXPECT_FALSE(Proves("li", password + "x"));
  EXPECT_FALSE(Proves("li", ""));
  EXPECT_FALSE(Proves("LI", password));

  ASSERT_TRUE(people_->SetPassword("li", "three green horses").ok());
  Open("asvs");
  EXPECT_FALSE(people_->Prove("li", "three green horses").value().must_change);
  EXPECT_FALSE(Proves("li", password));
}

TEST_F(PeopleTest, EveryFailureSaysTheSame) {
  const std::string password = people_->Create({.name = "li"}).value();
  const std::string gone = people_->Create({.name = "wu"}).value();
  ASSERT_TRUE(people_->SetDisabled("wu", true).ok());
  for (const auto& [name, given] : {std::pair<std::string, std::string>{"li", "wrong"},
                                    {"nobody", password},
                                    {"wu", gone},
                                    {"' OR 1=1--", "x"},
                                    {"li", std::string(1'000, 'x')}}) {
    const auto failed = people_->Prove(name, given);
    ASSERT_FALSE(failed.ok()) << name;
    EXPECT_EQ(failed.error().name(), "sign_in_failed");
    EXPECT_EQ(failed.error().message(), "The name or the password is wrong.");
  }
}

TEST_F(PeopleTest, WhatEndsSessionsChangesTheEpoch) {
  ASSERT_TRUE(people_->Create({.name = "li"}).ok());
  const auto epoch = [&] { return people_->Find("li")->epoch; };
  uint64_t before = epoch();
  ASSERT_TRUE(people_->SetDisabled("li", true).ok());
  EXPECT_NE(epoch(), before);
  before = epoch();
  ASSERT_TRUE(people_->Reset("li").ok());
  EXPECT_NE(epoch(), before);
  before = epoch();
  ASSERT_TRUE(people_->SetPassword("li", "three green horses").ok());
  EXPECT_NE(epoch(), before);
  before = epoch();
  ASSERT_TRUE(people_->SetTitle("li", "李").ok());
  EXPECT_EQ(epoch(), before);
}

TEST_F(PeopleTest, AResetPasswordIsToBeChangedUnlessItIsSaidNotToBe) {
  ASSERT_TRUE(people_->Create({.name = "li"}).ok());
  for (const bool must_change : {true, false}) {
    const std::string password = people_->Reset("li", must_change).value();
    EXPECT_EQ(people_->Prove("li", password).value().must_change, must_change);
  }
}

TEST_F(PeopleTest, ADisabledUserComesBackWithTheSamePassword) {
  const std::string password = people_->Create({.name = "li"}).value();
  ASSERT_TRUE(people_->SetDisabled("li", true).ok());
  Open("asvs");
  EXPECT_TRUE(people_->Find("li")->disabled);
  EXPECT_FALSE(Proves("li", password));
  ASSERT_TRUE(people_->SetDisabled("li", false).ok());
  EXPECT_TRUE(Proves("li", password));
}

TEST_F(PeopleTest, ANameIsTakenOnceAndIsAWord) {
  ASSERT_TRUE(people_->Create({.name = "li"}).ok());
  EXPECT_EQ(people_->Create({.name = "li"}).error().name(), "exists");
  for (const std::string& bad :
       {std::string(), std::string("Li"), std::string("li na"), std::string("../x"),
        std::string("李"), std::string(65, 'x'), std::string("token")}) {
    EXPECT_EQ(people_->Create({.name = bad}).error().name(), "bad_user_name") << bad;
  }
  EXPECT_EQ(people_->Create({.name = "wu", .title = "a\nb"}).error().name(), "bad_title");
  EXPECT_EQ(people_->Create({.name = "wu", .password = "short"}).error().name(), "weak_password");
  EXPECT_EQ(people_->All().size(), 1u);
  EXPECT_EQ(people_->SetPassword("wu", "three green horses").error().name(), "unknown_user");
}

TEST_F(PeopleTest, RolesGiveRightsAtOnceAndNoUserHasTwoDuties) {
  ASSERT_TRUE(people_->Create({.name = "li", .roles = {"operator", "analyst"}}).ok());
  const auto may = [&](Object object, Action action) {
    return people_->RightsOf(*people_->Find("li")).Has({object, action});
  };
  EXPECT_TRUE(may(Object::kSegments, Action::kChange));
  EXPECT_FALSE(may(Object::kSegments, Action::kExport));
  ASSERT_TRUE(people_->SetStanding("li", {.roles = Roles{"lead", "system_admin"}}).ok());
  Open("asvs");
  EXPECT_TRUE(may(Object::kSegments, Action::kExport));
  EXPECT_TRUE(may(Object::kServer, Action::kChange));
  EXPECT_EQ(people_->SetStanding("li", {.roles = Roles{"auditor", "system_admin"}}).error().name(),
            "two_duties");
  EXPECT_EQ(people_->SetStanding("li", {.roles = Roles{"king"}}).error().name(), "unknown_role");
  EXPECT_EQ(people_->Create({.name = "wu", .roles = {"security_admin", "auditor"}}).error().name(),
            "two_duties");
  EXPECT_EQ(people_->Create({.name = "wu", .roles = {"king"}}).error().name(), "unknown_role");
  EXPECT_FALSE(people_->Find("wu"));
  EXPECT_THAT(people_->Find("li")->roles, testing::ElementsAre("lead", "system_admin"));
  ASSERT_TRUE(people_->SetStanding("li", {.roles = Roles{}}).ok());
  EXPECT_TRUE(people_->RightsOf(*people_->Find("li")).empty());
}

TEST_F(PeopleTest, APersonSeesWhatEveryOrganisationAboveAndSomeRoleLetsThem) {
  Structure& structure = people_->structure();
  ASSERT_TRUE(structure.PutOrganisation({.id = "east", .rows = "region = East"}).ok());
  ASSERT_TRUE(
      structure.PutOrganisation({.id = "shanghai", .parent = "east", .rows = "city = 上海"}).ok());
  ASSERT_TRUE(structure.PutOrganisation({.id = "desk", .parent = "shanghai"}).ok());
  const RightSet seeing{{Object::kCustomers, Action::kView}};
  ASSERT_TRUE(structure.PutRole({.id = "gold", .rights = seeing, .rows = "vip = 1"}).ok());
  ASSERT_TRUE(structure.PutRole({.id = "private", .rights = seeing, .rows = "aum > 9"}).ok());
  const auto rows = [&](std::vector<std::string> roles, std::string_view organisation,
                        Object object = Object::kCustomers) {
    return structure.RowsOf(roles, organisation, {object, Action::kView});
  };
  EXPECT_EQ(rows({"analyst"}, ""), "");
  EXPECT_EQ(rows({"analyst"}, "desk"), "(city = '上海') AND (region = 'East')");
  EXPECT_EQ(rows({"gold", "private"}, ""), "((vip = 1) OR (aum > 9))");
  EXPECT_EQ(rows({"gold"}, "east"), "((vip = 1)) AND (region = 'East')");
  EXPECT_EQ(rows({"gold", "analyst"}, ""), "");
  // A role bounds only the rights it gives.
  EXPECT_EQ(rows({"gold", "data_engineer"}, "", Object::kEvents), "");
  // What is not known selects nobody.
  const std::string nobody = "DID(ANY EVENT) AND NOT DID(ANY EVENT)";
  EXPECT_EQ(rows({"gold"}, "", Object::kSegments), nobody);
  EXPECT_EQ(rows({"analyst"}, "west"), nobody);
  EXPECT_EQ(rows({"king"}, ""), nobody);

  Open("asvs");
  EXPECT_EQ(people_->structure().RowsOf({"gold"}, "desk", {Object::kCustomers, Action::kView}),
            "((vip = 1)) AND (city = '上海') AND (region = 'East')");
}

TEST_F(PeopleTest, AUserSeesTheirOwnOfWhatTheirOrganisationSees) {
  ASSERT_TRUE(people_->structure().PutOrganisation({.id = "east", .rows = "region = East"}).ok());
  ASSERT_TRUE(people_->Create({.name = "zhou", .roles = {"relationship_manager"}}).ok());
  const auto rows = [&](Object object = Object::kCustomers) {
    return people_->RowsOf(*people_->Find("zhou"), {object, Action::kView});
  };
  EXPECT_EQ(people_->SetStanding("zhou", {.rows = "manager ="}).error().name(), "eql_syntax");
  EXPECT_EQ(people_->SetStanding("nobody", {.rows = ""}).error().name(), "unknown_user");
  EXPECT_EQ(rows(), "");
  // All of it, or nothing.
  EXPECT_EQ(
      people_->SetStanding("zhou", {.roles = Roles{"king"}, .rows = "vip = 3"}).error().name(),
      "unknown_role");
  EXPECT_EQ(
      people_->SetStanding("zhou", {.organisation = "west", .rows = "vip = 3"}).error().name(),
      "unknown_organisation");
  EXPECT_EQ(rows(), "");
  ASSERT_TRUE(people_->SetStanding("zhou", {.rows = "manager = 周敏 OR vip = 3 -- all"}).ok());
  EXPECT_EQ(rows(), "manager = '周敏' OR vip = 3");
  ASSERT_TRUE(people_->SetStanding("zhou", {.organisation = "east"}).ok());
  EXPECT_EQ(rows(), "((region = 'East')) AND (manager = '周敏' OR vip = 3)");
  // What a right does not let them see, their own rule does not either.
  EXPECT_EQ(rows(Object::kAudit),
            "(DID(ANY EVENT) AND NOT DID(ANY EVENT)) AND (manager = '周敏' OR vip = 3)");
  Open("asvs");
  EXPECT_EQ(rows(), "((region = 'East')) AND (manager = '周敏' OR vip = 3)");
  ASSERT_TRUE(people_->SetStanding("zhou", {.rows = ""}).ok());
  EXPECT_EQ(rows(), "(region = 'East')");
}

TEST_F(PeopleTest, RolesAndOrganisationsAreCheckedAndStayWhileTheyAreUsed) {
  Structure& structure = people_->structure();
  const RightSet audit{{Object::kAudit, Action::kView}};
  EXPECT_EQ(structure.PutRole({.id = "auditor"}).error().name(), "built_in");
  EXPECT_EQ(structure.PutRole({.id = "a b"}).error().name(), "bad_id");
  EXPECT_EQ(structure.PutRole({.id = "x", .rows = "vip ="}).error().name(), "eql_syntax");
  EXPECT_EQ(structure.PutRole({.id = "x", .rows = "vip = 1 LIMIT 5"}).error().name(),
            "eql_forbidden");
  EXPECT_EQ(structure.PutRole({.id = "x", .rights = RightSet::All()}).error().name(), "two_duties");
  // A comment cannot open what the rule of another closes.
  ASSERT_TRUE(structure.PutRole({.id = "x", .rights = audit, .rows = "vip = 1 -- yes"}).ok());
  EXPECT_EQ(structure.RowsOf({"x"}, "", {Object::kAudit, Action::kView}), "((vip = 1))");

  EXPECT_EQ(structure.PutOrganisation({.id = "a", .parent = "b"}).error().name(),
            "unknown_organisation");
  ASSERT_TRUE(structure.PutOrganisation({.id = "a"}).ok());
  ASSERT_TRUE(structure.PutOrganisation({.id = "b", .parent = "a"}).ok());
  EXPECT_EQ(structure.PutOrganisation({.id = "a", .parent = "b"}).error().name(),
            "organisation_loop");
  EXPECT_EQ(structure.PutOrganisation({.id = "a", .parent = "a"}).error().name(),
            "organisation_loop");
  EXPECT_EQ(structure.RemoveOrganisation("a").error().name(), "in_use");

  ASSERT_TRUE(people_->Create({.name = "li", .roles = {"x"}, .organisation = "b"}).ok());
  EXPECT_EQ(structure.RemoveRole("x").error().name(), "in_use");
  EXPECT_EQ(structure.RemoveOrganisation("b").error().name(), "in_use");
  EXPECT_EQ(people_->SetStanding("li", {.organisation = "c"}).error().name(),
            "unknown_organisation");
  ASSERT_TRUE(people_->SetStanding("li", {.roles = Roles{}}).ok());
  ASSERT_TRUE(people_->SetStanding("li", {.organisation = ""}).ok());
  EXPECT_TRUE(structure.RemoveRole("x").ok());
  EXPECT_TRUE(structure.RemoveOrganisation("b").ok());
  EXPECT_EQ(structure.RemoveRole("x").error().name(), "unknown_role");
}

TEST(RightsTest, NoRoleHoldsTwoDutiesAndAllHaveNamesInBothLanguages) {
  for (const Role& role : BuiltInRoles()) {
    EXPECT_TRUE(CheckDuties(role.rights).ok()) << role.id;
    EXPECT_FALSE(role.zh.empty() || role.en.empty()) << role.id;
    EXPECT_EQ(RightsOf(role.rights.Names()).value(), role.rights) << role.id;
  }
  EXPECT_EQ(CheckDuties(RightSet::All()).error().name(), "two_duties");
  EXPECT_EQ(RightsOf(std::vector<std::string>{"segments.fly"}).error().name(), "unknown_right");
}

TEST_F(PeopleTest, ThirdLevelPasswordsAgeAndDoNotComeBackForFiveChanges) {
  Open("mlps3");
  ASSERT_TRUE(people_->Create({.name = "li"}).ok());
  const auto set = [&](int i) {
    return people_->SetPassword("li", "Three green horses " + std::to_string(i));
  };
  for (int i = 0; i < 6; ++i) ASSERT_TRUE(set(i).ok());
  for (int i = 1; i < 6; ++i) EXPECT_EQ(set(i).error().name(), "password_used") << i;
  Open("mlps3");
  EXPECT_EQ(set(1).error().name(), "password_used");
  EXPECT_TRUE(set(0).ok());

  clock_.Advance(90 * kDayMs - 1);
  EXPECT_FALSE(people_->Find("li")->must_change);
  clock_.Advance(1);
  EXPECT_TRUE(people_->Find("li")->must_change);
  EXPECT_TRUE(people_->Prove("li", "Three green horses 0").value().must_change);
}

TEST_F(PeopleTest, TheCatalogHoldsNoPasswordAndNoTwoHashesAreAlike) {
  constexpr const char* kPassword = "three green horses";
  for (const char* name : {"li", "wu"})
    ASSERT_TRUE(people_->Create({.name = name, .password = kPassword}).ok());
  people_.reset();
  const auto catalog = catalog_.Open();
  const auto li = catalog->Kept({"user", "li"}).value(), wu = catalog->Kept({"user", "wu"}).value();
  ASSERT_EQ(li.size(), 1u);
  EXPECT_THAT(li[0].second, HasSubstr("$argon2id$v=19$m=64,t=1,p=1$"));
  EXPECT_THAT(li[0].second, Not(HasSubstr(kPassword)));
  EXPECT_NE(li[0].second, wu[0].second);
}

TEST(PasswordTest, ArgonsOwnHashIsUnderstood) {
  // RFC 9106's reference program: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32
  const std::string hash =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  EXPECT_TRUE(PasswordFits(hash, "password"));
  EXPECT_FALSE(PasswordFits(hash, "Password"));
  EXPECT_FALSE(PasswordFits("", ""));
  EXPECT_FALSE(PasswordFits("$argon2id$v=19$", "password"));
}

TEST(PasswordTest, ADecoyIsTriedAsAHashIs) {
  io::SimRandom random(1);
  const std::string decoy = DecoyHash(random, kCheap), other = DecoyHash(random, kCheap);
  EXPECT_NE(decoy, other);
  EXPECT_THAT(decoy, StartsWith("$argon2id$v=19$m=64,t=1,p=1$"));
  EXPECT_EQ(decoy.size(), HashPassword("x", random, kCheap).size());
  // Not ARGON2_DECODING_FAIL, which takes no time.
  EXPECT_EQ(argon2id_verify(decoy.c_str(), "x", 1), ARGON2_VERIFY_MISMATCH);
}

TEST(PasswordTest, TheDefaultCostIsThatOfTheReadme) {
  io::SimRandom random(1);
  EXPECT_THAT(HashPassword("x", random, {}), StartsWith("$argon2id$v=19$m=65536,t=3,p=1$"));
}

TEST(PasswordTest, WeakOnesAreRefusedWhateverSurroundsThem) {
  const PasswordProfile& profile = *FindPasswordProfile("asvs");
  for (const char* weak : {"",
                           "short",
                           "ninechars",
                           "password123",
                           "P@ssw0rd2026!",
                           "Terminator2026!",
                           "rjirfrgbde",
                           "1029384756",
                           "1234567890",
                           "abcdefghijkl",
                           "qwertyuiop",
                           "1qaz2wsx3edc",
                           "aaaaaaaaaaaaaa",
                           "admin@123456",
                           "Waypost2026!!",
                           "woaini5201314",
                           "qwerty123456",
                           "zhangwei2026",
                           "Zhang-Wei--zhangwei",
                           "PasswordPassword1",
                           "iloveyou!!!!",
                           "12345678901234567890",
                           "9876543210",
                           "1111122222",
                           "Welcome@2026"}) {
    EXPECT_FALSE(CheckPassword(profile, weak, "zhangwei").ok()) << weak;
  }
  for (const char* good :
       {"three green horses", "correct horse battery", "kT7-vepRq2-9mWs", "红绿灯坏了三天还没修好",
        "my password is purple", "Nanjing1937winter-rain"}) {
    EXPECT_TRUE(CheckPassword(profile, good, "zhangwei").ok()) << good;
  }
  EXPECT_EQ(CheckPassword(profile, std::string(257, 'x'), "").error().name(), "weak_password");
}

TEST(PasswordTest, ThirdLevelAsksForThreeKindsOfCharacters) {
  const PasswordProfile& profile = *FindPasswordProfile("mlps3");
  EXPECT_FALSE(CheckPassword(profile, "three green horses", "").ok());
  EXPECT_FALSE(CheckPassword(profile, "threegreenhorses7", "").ok());
  EXPECT_TRUE(CheckPassword(profile, "Three green horses", "").ok());
}

TEST(PasswordTest, MadePasswordsPleaseEveryProfileAndDiffer) {
  io::SimRandom random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string made = NewPassword(random, "");
    EXPECT_TRUE(seen.insert(made).second);
    for (const char* profile : {"asvs", "mlps3"})
      EXPECT_TRUE(CheckPassword(*FindPasswordProfile(profile), made, "li").ok()) << made;
  }
}

TEST(PasswordTest, AMadePasswordDoesNotHoldThePersonsName) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    io::SimRandom first(seed), again(seed);
    std::string name = NewPassword(first, "").substr(0, 3);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    const std::string made = NewPassword(again, name);
    EXPECT_TRUE(CheckPassword(*FindPasswordProfile("mlps3"), made, name).ok()) << made;
  }
}

}  // namespace
}  // namespace waypost::people
