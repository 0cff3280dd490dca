/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http-curl - one question to a provider, over a TLS connection of its own
 */
#include "payment/http/http-curl.h"

#include "base/text.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <pthread.h>

struct link {
    struct sugu_http http; /* first: the port is cast back to it */
    char *root_pem;
    char base[300];
    char certificate_name[256];
    uint32_t connect_wait_ms;
    const atomic_bool *is_stopping;
};

/* One running call. */
struct call {
    const struct link *link;
    const struct sugu_http_request *request;
    struct sugu_http_reply *reply;
    size_t body_size, body_at;
    bool was_sent;     /* the connection stands (TLS included): from here on it may have arrived */
    bool is_too_large; /* the answer */
    bool is_untrusted; /* OpenSSL refused the certificate */
};

static int call_index = -1; /* of a struct call in an SSL_CTX; set once */

static void
start_library(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    call_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

/* libcurl is about to write the first byte of the request. */
static int
on_connected(void *user, char *peer, char *own, int peer_port, int own_port)
{
    (void)peer, (void)own, (void)peer_port, (void)own_port;
    ((struct call *)user)->was_sent = true;
    return CURL_PREREQFUNC_OK;
}

static size_t
on_body_wanted(char *to, size_t size, size_t count, void *user)
{
    struct call *call = user;
    size_t left = call->body_size - call->body_at;
    size_t taken = size * count < left ? size * count : left;

    memcpy(to, call->request->body + call->body_at, taken);
    call->body_at += taken;
    return taken;
}

/* The body is handed over once; libcurl may not start it again. */
static int
on_rewind_wanted(void *user, curl_off_t offset, int origin)
{
    (void)user, (void)offset, (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static size_t
on_reply(char *from, size_t size, size_t count, void *user)
{
    struct call *call = user;
    struct sugu_http_reply *reply = call->reply;
    size_t more = size * count;
    char *bytes;

    if (reply->size + more > SUGU_HTTP_REPLY_SIZE_MAX) {
        call->is_too_large = true;
        return 0;
    }
    bytes = realloc(reply->bytes, reply->size + more + 1);
    if (!bytes)
        return 0;
    memcpy(bytes + reply->size, from, more);
    reply->size += more;
    bytes[reply->size] = '\0';
    reply->bytes = bytes;
    return more;
}

/* One line of the answer's head; not ended by a NUL. */
static size_t
on_header(char *from, size_t size, size_t count, void *user)
{
    struct call *call = user;
    size_t line_size = size * count;

    for (unsigned i = 0; i < SUGU_HTTP_WANTED_MAX && call->request->wanted[i]; i++) {
        size_t name_size = strlen(call->request->wanted[i]), at = name_size + 1, end = line_size;
        if (line_size <= name_size || from[name_size] != ':' ||
            strncasecmp(from, call->request->wanted[i], name_size) != 0)
            continue;
        while (at < end && from[at] == ' ')
            at++;
        while (end > at && strchr(" \r\n", from[end - 1]))
            end--;
        if (end - at < SUGU_HTTP_HEADER_VALUE_MAX) {
            memcpy(call->reply->values[i], from + at, end - at);
            call->reply->values[i][end - at] = '\0';
        }
    }
    return line_size;
}

static int
on_progress(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct call *call = user;

    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(call->link->is_stopping);
}

/* libcurl tells a wrong signature of the chain and a line that was cut by the same code: OpenSSL's
 * own verdict tells them apart. */
static int
on_verified(int is_good, X509_STORE_CTX *chain)
{
    const SSL *tls = X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct call *call = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), call_index);

    if (!is_good)
        call->is_untrusted = true;
    return is_good;
}

static CURLcode
on_tls_made(CURL *curl, void *context, void *user)
{
    (void)curl;
    SSL_CTX_set_ex_data(context, call_index, user);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verified);
    return CURLE_OK;
}

static void
set_trust(CURL *curl, struct call *call)
{
    const struct link *link = call->link;
    struct curl_blob root = {
        .data = link->root_pem, .len = strlen(link->root_pem), .flags = CURL_BLOB_NOCOPY};

    /* Without the two NULLs libcurl adds the system's roots to ours. */
    curl_easy_setopt(curl, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &root);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, on_tls_made);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, call);
}

static void
set_transfer(CURL *curl, struct call *call)
{
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)call->link->connect_wait_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)call->request->wait_ms);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(curl, CURLOPT_PREREQDATA, call);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_reply);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, call);
}

static void
set_request(CURL *curl, struct call *call, struct curl_slist **headers)
{
    for (unsigned i = 0; i < SUGU_HTTP_HEADERS_MAX && call->request->headers[i]; i++)
        *headers = curl_slist_append(*headers, call->request->headers[i]);
    *headers = curl_slist_append(*headers, "Expect:"); /* no waiting for 100-continue */
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
    if (call->request->body) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body_size);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_body_wanted);
        curl_easy_setopt(curl, CURLOPT_READDATA, call);
        curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_rewind_wanted);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->request->method);
}

/*
 * The address to ask: `base` and the path, and, with a certificate name, that name for the host and
 * the rule that leads the connection to `base` all the same.
 */
static void
set_address(CURL *curl, struct call *call, struct curl_slist **rules)
{
    const struct link *link = call->link;
    const char *host = link->base + strlen("https://"), *port = strrchr(host, ':');
    char url[1200], rule[600];

    if (!*link->certificate_name) {
        snprintf(url, sizeof url, "%s%s", link->base, call->request->path);
    } else {
        if (!port)
            port = "";
        snprintf(url, sizeof url, "https://%s%s%s", link->certificate_name, port,
                 call->request->path);
        snprintf(rule, sizeof rule, "::%.*s:%s", *port ? (int)(port - host) : (int)strlen(host),
                 host, *port ? port + 1 : "443");
        *rules = curl_slist_append(NULL, rule);
        curl_easy_setopt(curl, CURLOPT_CONNECT_TO, *rules);
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
}

static enum sugu_status
judge(const struct call *call, CURLcode result, struct sugu_error *reterr)
{
    if (!call->was_sent) {
        if (call->is_untrusted || result == CURLE_PEER_FAILED_VERIFICATION ||
            result == CURLE_SSL_CACERT_BADFILE)
            return sugu_fail(reterr, SUGU_BROKEN, "provider.not-trusted", "certificate: %s",
                             curl_easy_strerror(result));
        return sugu_fail(reterr, SUGU_RETRY, "provider.away", "nothing was sent: %s",
                         curl_easy_strerror(result));
    }
    if (call->is_too_large)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "the answer is too large");
    if (result != CURLE_OK)
        return sugu_fail(reterr, SUGU_UNKNOWN, "payment.no-answer", "sent, then: %s",
                         curl_easy_strerror(result));
    return SUGU_OK;
}

static enum sugu_status
ask(struct sugu_http *http,
    const struct sugu_http_request *request,
    struct sugu_http_reply *reply,
    struct sugu_error *reterr)
{
    struct call call = {.link = (struct link *)http, .request = request, .reply = reply};
    struct curl_slist *headers = NULL, *rules = NULL;
    CURL *curl = curl_easy_init();
    CURLcode result;
    long status = 0;

    *reply = (struct sugu_http_reply){0};
    if (!curl)
        return sugu_fail(reterr, SUGU_RETRY, "provider.away", "no memory for a connection");
    call.body_size = request->body ? strlen(request->body) : 0;
    set_trust(curl, &call);
    set_transfer(curl, &call);
    set_request(curl, &call, &headers);
    set_address(curl, &call, &rules);
    result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    reply->status = (uint32_t)status;
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    curl_slist_free_all(rules);
    return judge(&call, result, reterr);
}

static const struct sugu_http_ops ops = {.name = "curl", .ask = ask};

enum sugu_status
sugu_http_curl_new(const struct sugu_http_curl_settings *settings,
                   struct sugu_http **ret_http,
                   struct sugu_error *reterr)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct link *link;

    pthread_once(&once, start_library);
    if (!strstr(settings->root_pem, "-----BEGIN CERTIFICATE-----"))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "the root holds no certificate (PEM)");
    if (strncmp(settings->base, "https://", 8) != 0 || strchr(settings->base + 8, '/'))
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid",
                         "an address has the form https://HOST or https://HOST:PORT");
    link = calloc(1, sizeof *link);
    if (!link || !(link->root_pem = strdup(settings->root_pem))) {
        free(link);
        return sugu_fail(reterr, SUGU_BROKEN, "bug.unexpected", "no memory");
    }
    link->http.ops = &ops;
    sugu_text_copy(link->base, sizeof link->base, settings->base);
    sugu_text_copy(link->certificate_name, sizeof link->certificate_name,
                   settings->certificate_name);
    link->connect_wait_ms = settings->connect_wait_ms;
    link->is_stopping = settings->is_stopping;
    *ret_http = &link->http;
    return SUGU_OK;
}

struct sugu_http *
sugu_http_curl_free(struct sugu_http *http)
{
    struct link *link = (struct link *)http;

    if (link) {
        free(link->root_pem);
        free(link);
    }
    return NULL;
}
