// SPDX-License-Identifier: Apache-2.0
#ifndef CCurlShim_H
#define CCurlShim_H
#endif
