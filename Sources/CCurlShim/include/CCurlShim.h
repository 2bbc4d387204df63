// SPDX-License-Identifier: Apache-2.0
// Fixed-type doors to libcurl's variadic functions, which Swift can't call. The handles are `void *` so that this
// header needs none of curl's.
#ifndef CCurlShim_H
#define CCurlShim_H

#include <stddef.h>
#include <stdint.h>

typedef size_t (*jarvis_curl_data_callback)(char *bytes, size_t size, size_t count, void *context);

/// Initialises libcurl once for the process; 0 is success.
int jarvis_curl_global_init(void);

/// Each returns curl's own code; 0 is success. `option` and `info` are CURLoption, CURLMoption and CURLINFO values.
int jarvis_curl_set_long(void *easy, int option, long value);
int jarvis_curl_set_large(void *easy, int option, int64_t value);
int jarvis_curl_set_pointer(void *easy, int option, void *value);
int jarvis_curl_set_string(void *easy, int option, const char *value);
int jarvis_curl_set_data_callback(void *easy, int option, jarvis_curl_data_callback callback);
int jarvis_curl_multi_set_long(void *multi, int option, long value);
int jarvis_curl_get_long(void *easy, int info, long *value);
int jarvis_curl_get_large(void *easy, int info, int64_t *value);
int jarvis_curl_get_pointer(void *easy, int info, void **value);

/// Names the calling thread for `top` and debuggers (a GNU extension that Swift's Glibc module leaves out).
void jarvis_name_this_thread(const char *name);

#endif
