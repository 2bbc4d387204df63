// SPDX-License-Identifier: Apache-2.0
#ifndef CSpawn_H
#define CSpawn_H
#endif
