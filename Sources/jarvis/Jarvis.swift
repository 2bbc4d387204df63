// SPDX-License-Identifier: Apache-2.0
@main struct Jarvis { static func main() {} }
