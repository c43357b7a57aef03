/// A 206 with several ranges of one representation, made for one request.
///
/// Contains the heads of the parts, at most `ByteRanges.partCountMax`. The bodies of the parts are
/// not copied.
///
/// Source: RFC 9110 §14.6 (`multipart/byteranges`), §15.3.7.2, RFC 2046 §5.1.1.
package struct MultipartRanges: Sendable {
  /// The field lines, each with its CRLF.
  ///
  /// `Date`, `Connection` and the empty line are missing.
  ///
  /// Includes `Content-Encoding`, the coding of the parts, as in nginx and Apache.
  package let fields: [UInt8]
  /// The length of the body in bytes: the parts with their heads, and the end.
  package let byteCount: Int64
  /// The parts in the order in which they are sent; at least two.
  package let parts: [Part]
  /// The closing boundary, sent after the last part.
  package let end: [UInt8]

  /// One part.
  package struct Part: Sendable {
    /// The boundary and the fields before the part's body.
    package let head: [UInt8]
    /// The part's body.
    package let body: BodySource
  }

  /// The response for `ranges` of `representation`.
  ///
  /// - Parameters:
  ///   - ranges: the parts.
  ///   - representation: the representation that they are ranges of.
  ///   - contentType: its media type, sent with each part.
  ///   - representationFields: the field lines of a 206; `Content-Type` is the first.
  ///   - boundary: characters that RFC 2046 §5.1.1 allows in a boundary.
  init(
    _ ranges: ByteRanges,
    of representation: Representation,
    contentType: [UInt8],
    representationFields: [UInt8],
    boundary: [UInt8]
  ) {
    let delimiter = Array("--".utf8) + boundary
    var parts: [Part] = []
    for index in 0..<ranges.count {
      let range = ranges[index]
      let contentRange = "\(range.offset)-\(range.end - 1)/\(representation.byteCount)"
      parts.append(
        Part(
          head: Array((index == 0 ? "" : "\r\n").utf8) + delimiter
            + Array("\r\nContent-Type: ".utf8) + contentType
            + Array("\r\nContent-Range: bytes \(contentRange)\r\n\r\n".utf8),
          body: representation.body.part(offset: range.offset, count: range.count)
        )
      )
    }
    self.parts = parts
    end = Array("\r\n".utf8) + delimiter + Array("--\r\n".utf8)
    byteCount = parts.reduce(Int64(end.count)) { sum, part in
      sum + Int64(part.head.count) + part.body.byteCount
    }
    let typeLineByteCount = "Content-Type: \r\n".utf8.count + contentType.count
    fields =
      Array("Content-Type: multipart/byteranges; boundary=".utf8) + boundary
      + Array("\r\nContent-Length: \(byteCount)\r\n".utf8)
      + representationFields.dropFirst(typeLineByteCount)
  }
}

extension FileTable {
  /// The parts of a plan whose body is `.parts(representation:)`.
  ///
  /// Allocates memory: requests for several ranges are rare.
  ///
  /// - Parameters:
  ///   - representation: the index in the plan's body.
  ///   - head: the request that the plan was made for; traps for another one.
  ///   - bytes: the buffer that `head` was parsed from.
  package func multipart(
    of representation: Int,
    for head: RequestHead,
    in bytes: Span<UInt8>
  ) -> MultipartRanges {
    let selected = representations[representation]
    guard let list = ByteRange.list(bytes, head.range.range),
      let ranges = ByteRanges(bytes, list, size: selected.byteCount), ranges.count > 1
    else { preconditionFailure("`head` is not the request of the plan") }
    // The boundary contains the content's digest, so a part practically never contains the
    // boundary.
    let tag = copy(selected.entityTag).dropFirst().dropLast()
    return MultipartRanges(
      ranges,
      of: selected,
      contentType: copy(selected.contentType),
      representationFields: copy(selected.partialHead.bytes),
      boundary: Array("staticd-".utf8) + tag
    )
  }
}
