// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CCurlShim.h"

#include <curl/curl.h>
#include <pthread.h>

int jarvis_curl_global_init(void) {
    return (int)curl_global_init(CURL_GLOBAL_DEFAULT);
}

int jarvis_curl_set_long(void *easy, int option, long value) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, value);
}

int jarvis_curl_set_large(void *easy, int option, int64_t value) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, (curl_off_t)value);
}

int jarvis_curl_set_pointer(void *easy, int option, void *value) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, value);
}

int jarvis_curl_set_string(void *easy, int option, const char *value) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, value);
}

int jarvis_curl_set_data_callback(void *easy, int option, jarvis_curl_data_callback callback) {
    return (int)curl_easy_setopt((CURL *)easy, (CURLoption)option, callback);
}

int jarvis_curl_multi_set_long(void *multi, int option, long value) {
    return (int)curl_multi_setopt((CURLM *)multi, (CURLMoption)option, value);
}

int jarvis_curl_get_long(void *easy, int info, long *value) {
    return (int)curl_easy_getinfo((CURL *)easy, (CURLINFO)info, value);
}

int jarvis_curl_get_large(void *easy, int info, int64_t *value) {
    return (int)curl_easy_getinfo((CURL *)easy, (CURLINFO)info, (curl_off_t *)value);
}

int jarvis_curl_get_pointer(void *easy, int info, void **value) {
    return (int)curl_easy_getinfo((CURL *)easy, (CURLINFO)info, value);
}

void jarvis_name_this_thread(const char *name) {
    (void)pthread_setname_np(pthread_self(), name);
}
