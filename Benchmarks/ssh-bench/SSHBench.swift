// SPDX-License-Identifier: Apache-2.0

@main
enum SSHBench {
    static func main() {}
}
