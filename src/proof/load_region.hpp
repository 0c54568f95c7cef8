// RegionLoader: which calls an invariant, or an exception to it, speaks of.
#pragma once

#include "beta/proof/box.hpp"
#include "beta/yaml/document.hpp"

#include "vocabulary.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

class RegionLoader {
  public:
    /// Of a request with several values of a header: wide takes it in when one of them is named,
    /// narrow when all are. What must never pass is read widely, what is excepted narrowly.
    enum class Reading : std::uint8_t { wide, narrow };

    RegionLoader(yaml::Reader& reader, const Vocabulary& vocabulary)
        : reader_(reader), vocabulary_(vocabulary) {}

    /// The keys of a region, and these.
    static std::vector<std::string_view> keys(std::vector<std::string_view> more);

    Box load(const yaml::Node& node, const std::string& what, Reading reading);

  private:
    using Fault = std::function<std::string(std::string_view)>;  // empty when the word is good

    Place place(const yaml::Node& node, const std::string& what, bool callee);
    void external(const yaml::Node& node, const std::string& what, Place& place);
    void actions(const yaml::Node& node, const std::string& what, Box& box);
    void headers(const yaml::Node& node, const std::string& what, Reading reading, Box& box);
    std::vector<std::string> words(const yaml::Node& node, const std::string& what,
                                   const Fault& fault);
    static std::string known(std::string_view word, std::string_view kind,
                             const std::set<std::string, std::less<>>& names);

    yaml::Reader& reader_;
    const Vocabulary& vocabulary_;
};

}  // namespace beta::proof
