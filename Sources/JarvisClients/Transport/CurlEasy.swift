// SPDX-License-Identifier: Apache-2.0
import CCurl
import CCurlShim

/// One libcurl easy handle with what has to live as long as it; used on the transport's thread only.
final class CurlEasy {
    let pointer: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

    /// Fails only without memory.
    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = jarvis_curl_set_pointer(pointer, Int32(CURLOPT_ERRORBUFFER.rawValue), errorText)
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// What libcurl wrote about the last failure; may name the host, never shown to anyone.
    var lastErrorText: String { String(cString: errorText) }

    func set(_ option: CURLoption, _ value: Int) -> Bool {
        jarvis_curl_set_long(pointer, Int32(option.rawValue), value) == 0
    }

    func set(_ option: CURLoption, large value: Int) -> Bool {
        jarvis_curl_set_large(pointer, Int32(option.rawValue), Int64(value)) == 0
    }

    func set(_ option: CURLoption, _ value: String?) -> Bool {
        jarvis_curl_set_string(pointer, Int32(option.rawValue), value) == 0
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) -> Bool {
        jarvis_curl_set_pointer(pointer, Int32(option.rawValue), value) == 0
    }

    func set(_ option: CURLoption, callback: @escaping jarvis_curl_data_callback) -> Bool {
        jarvis_curl_set_data_callback(pointer, Int32(option.rawValue), callback) == 0
    }

    /// Copies the body; the size has to be set first, or libcurl looks for a NUL.
    func setBody(_ body: [UInt8]) -> Bool {
        guard set(CURLOPT_POSTFIELDSIZE_LARGE, large: body.count) else { return false }
        var copy = body.isEmpty ? [0] : body
        return copy.withUnsafeMutableBytes { set(CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress) }
    }

    func setHeaders(_ lines: [String]) -> Bool {
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else { return false }
            headerList = longer
        }
        return set(CURLOPT_HTTPHEADER, pointer: headerList)
    }

    func integer(_ info: CURLINFO) -> Int {
        var value = 0
        return jarvis_curl_get_long(pointer, Int32(info.rawValue), &value) == 0 ? value : 0
    }

    /// One of libcurl's microsecond timers.
    func time(_ info: CURLINFO) -> Duration {
        var value: Int64 = 0
        return jarvis_curl_get_large(pointer, Int32(info.rawValue), &value) == 0 ? .microseconds(value) : .zero
    }
}
