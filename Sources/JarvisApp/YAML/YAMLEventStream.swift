// SPDX-License-Identifier: Apache-2.0

import CYAML

/// One event of libyaml with its place.
struct YAMLEvent {
    enum Kind: Equatable {
        case streamStart, streamEnd, documentStart, documentEnd
        case mappingStart, mappingEnd, sequenceStart, sequenceEnd
        case scalar(text: String, isPlain: Bool)
        case alias
    }

    let kind: Kind
    let hasAnchor: Bool
    let hasTag: Bool
    let mark: YAMLMark
}

/// The events of one text, pulled one at a time from libyaml; all pointers of the C library stay in this file.
struct YAMLEventStream: ~Copyable {
    // On the heap because libyaml keeps the parser's address; owned and freed by this value alone.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// Prepares to read `bytes`, which must be valid UTF-8 without a byte order mark.
    init(_ bytes: some Collection<UInt8>) {
        // One byte more, because libyaml asserts that there is a pointer even to nothing.
        input = .allocate(capacity: bytes.count + 1)
        let end = input.initialize(fromContentsOf: bytes)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        // Fails only when memory runs out, where Swift itself stops too.
        precondition(yaml_parser_initialize(parser) == 1, "libyaml could not start")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, end)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deinitialize(count: 1)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event; after `streamEnd` it must not be called again.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(event)
    }

    private func problem() -> YAMLError {
        let words = parser.pointee.problem.map { String(cString: $0) } ?? "this is not YAML"
        let context = parser.pointee.context.map { " (\(String(cString: $0)))" } ?? ""
        return YAMLError(reason: .syntax(words + context), mark: YAMLMark(parser.pointee.problem_mark))
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        let mark = YAMLMark(event.start_mark)
        func make(
            _ kind: Kind, anchor: UnsafeMutablePointer<yaml_char_t>? = nil,
            tag: UnsafeMutablePointer<yaml_char_t>? = nil
        ) -> YAMLEvent { YAMLEvent(kind: kind, hasAnchor: anchor != nil, hasTag: tag != nil, mark: mark) }
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let kind = Kind.scalar(
                text: String(decoding: bytes, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
            self = make(kind, anchor: scalar.anchor, tag: scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            self = make(.sequenceStart, anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            self = make(.mappingStart, anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag)
        case YAML_SEQUENCE_END_EVENT: self = make(.sequenceEnd)
        case YAML_MAPPING_END_EVENT: self = make(.mappingEnd)
        case YAML_DOCUMENT_START_EVENT: self = make(.documentStart)
        case YAML_DOCUMENT_END_EVENT: self = make(.documentEnd)
        case YAML_STREAM_START_EVENT: self = make(.streamStart)
        case YAML_ALIAS_EVENT: self = make(.alias)
        default: self = make(.streamEnd)
        }
    }
}

extension YAMLMark {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1) }
}
