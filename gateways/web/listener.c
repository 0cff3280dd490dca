/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listener - a socket service at an address from the settings
 */
#include "web/listener.h"

#define BACKLOG 512

static GSocketAddress *
read_address(const char *text)
{
    GSocketConnectable *parsed = g_network_address_parse(text, 0, NULL);
    GSocketAddress *address = NULL;

    if (parsed)
        address = g_inet_socket_address_new_from_string(
            g_network_address_get_hostname(G_NETWORK_ADDRESS(parsed)),
            g_network_address_get_port(G_NETWORK_ADDRESS(parsed)));
    g_clear_object(&parsed);
    return address;
}

enum sugu_status
web_listener_new(const char *setting,
                 const char *address,
                 GSocketService **ret_service,
                 uint16_t *ret_port,
                 struct sugu_error *reterr)
{
    GSocketAddress *wanted = read_address(address), *got = NULL;
    GSocketService *service;
    GError *error = NULL;
    enum sugu_status status = SUGU_OK;

    if (!wanted)
        return sugu_fail(reterr, SUGU_REFUSED, "settings.invalid", "%s: '%s' is not ADDRESS:PORT",
                         setting, address);
    service = g_socket_service_new();
    g_socket_listener_set_backlog(G_SOCKET_LISTENER(service), BACKLOG);
    if (g_socket_listener_add_address(G_SOCKET_LISTENER(service), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &got, &error)) {
        *ret_port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
        *ret_service = service;
    } else {
        status =
            sugu_fail(reterr, SUGU_BROKEN, "web.not-listening", "%s: %s", address, error->message);
        g_error_free(error);
        g_object_unref(service);
    }
    g_clear_object(&got);
    g_object_unref(wanted);
    return status;
}
