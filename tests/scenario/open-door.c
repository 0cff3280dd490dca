/* SPDX-License-Identifier: Apache-2.0 */
/*
 * open-door - a libzmq that authenticates nobody, for the queue server under LD_PRELOAD
 *
 * Neither the ZAP domain nor its enforcement (option 93) reaches the library, and the handler's
 * address is never bound: what domain/reliability-security.md 1.5 measured to let every key in.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#define ZAP_DOMAIN         55
#define ZAP_ENFORCE_DOMAIN 93

int zmq_setsockopt(void *socket, int option, const void *value, size_t size);
int zmq_bind(void *socket, const char *endpoint);

int
zmq_setsockopt(void *socket, int option, const void *value, size_t size)
{
    int (*real)(void *, int, const void *, size_t);

    *(void **)&real = dlsym(RTLD_NEXT, "zmq_setsockopt");
    if (option == ZAP_DOMAIN || option == ZAP_ENFORCE_DOMAIN)
        return 0;
    return real(socket, option, value, size);
}

int
zmq_bind(void *socket, const char *endpoint)
{
    int (*real)(void *, const char *);

    *(void **)&real = dlsym(RTLD_NEXT, "zmq_bind");
    if (strcmp(endpoint, "inproc://zeromq.zap.01") == 0)
        return 0;
    return real(socket, endpoint);
}
