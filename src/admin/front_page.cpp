#include "front_page.hpp"

#include "beta/model/curve25519.hpp"
#include "beta/model/digest.hpp"

#include "form.hpp"
#include "page_files.hpp"
#include "picture.hpp"
#include "status_tree.hpp"

#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace beta::admin {
namespace {

std::string source(std::string_view bytes) {
    return "'sha256-" + model::base64(model::sha256(bytes)).disclose() + "'";
}

}  // namespace

/// What is put in at the marks is not looked at for gaps, nor what is filled in for marks.
std::string front_page(const Status& status) {
    const auto tree = tree_of(status);
    const auto picture = picture_of(status);
    using Mark = std::pair<std::string_view, std::string_view>;
    std::string page;
    std::string_view form = page_html;
    for (const auto& [mark, text] :
         {Mark{"@style@", page_css}, Mark{"@picture@", picture}, Mark{"@script@", page_js}}) {
        const auto at = form.find(mark);
        if (at == form.npos)
            throw std::logic_error("no mark: " + std::string(mark));
        page += fill(form.substr(0, at), tree);
        page += text;
        form.remove_prefix(at + mark.size());
    }
    return page + fill(form, tree);
}

const std::string& front_page_policy() {
    static const std::string policy =
        "default-src 'none'; style-src " + source(page_css) + "; script-src " + source(page_js) +
        "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    return policy;
}

}  // namespace beta::admin
