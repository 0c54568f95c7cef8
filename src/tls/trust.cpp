#include "trust.hpp"

#include "beta/model/names.hpp"

#include "pem_files.hpp"

#include <filesystem>
#include <functional>
#include <new>
#include <system_error>
#include <vector>

namespace beta::tls {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_planes = 1024;  // of a folder that was named by mistake

Owned<X509_STORE> make_store(const std::vector<Owned<X509>>& anchors,
                             const std::vector<Owned<X509_CRL>>& crls) {
    Owned<X509_STORE> store(X509_STORE_new());
    if (!store)
        throw std::bad_alloc();
    for (const auto& anchor : anchors)
        X509_STORE_add_cert(store.get(), anchor.get());
    for (const auto& crl : crls)
        X509_STORE_add_crl(store.get(), crl.get());
    if (!crls.empty())  // of every authority of the chain: who has none is not trusted
        X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    return store;
}

}  // namespace

std::map<std::string, std::string> files_by_plane(const std::string& ca) {
    std::map<std::string, std::string> files;
    std::error_code error;
    for (auto entry = fs::directory_iterator(ca, error);
         !error && entry != fs::directory_iterator() && files.size() < most_planes;
         entry.increment(error)) {
        const auto& path = entry->path();
        const auto plane = path.stem().string();
        if (path.extension() == ".pem" && model::PlaneName::parse(plane))
            files.emplace(plane, path.string());
    }
    return files;
}

Trust Trust::load(const config::Tls& tls, model::Diagnostics& problems) {
    Trust trust;
    const auto crls =
        tls.crl.empty() ? std::vector<Owned<X509_CRL>>{} : read_crls(tls.crl, problems);
    std::error_code error;
    auto files = files_by_plane(tls.ca);
    const bool is_folder = fs::is_directory(tls.ca, error);
    if (is_folder && files.empty())
        problems.push_back({.file = tls.ca,
                            .message = "this folder has no <plane>.pem: one file of certificates "
                                       "for each plane whose authority is trusted",
                            .code = "TLS_NO_AUTHORITY"});
    if (!is_folder)
        files.emplace("", tls.ca);
    for (const auto& [plane, file] : files)
        trust.stores_.emplace(plane, make_store(read_certificates(file, problems), crls));
    return trust;
}

X509_STORE* Trust::of(std::string_view plane) const {
    if (const auto own = stores_.find(plane); own != stores_.end())
        return own->second.get();
    const auto any = stores_.find(std::string_view{});
    return any == stores_.end() ? nullptr : any->second.get();
}

}  // namespace beta::tls
