/// A 206 with several parts of one representation, made for one request.
///
/// Holds the heads of the parts, at most `ByteRanges.partCountMax`; the parts themselves stay where
/// they are and are sent one after the other.
///
/// Source: RFC 9110 §14.6 (`multipart/byteranges`), §15.3.7.2, RFC 2046 §5.1.1.
public struct MultipartRanges: Sendable {
  /// All field lines, each with its CRLF, without what differs between two sendings (Date,
  /// Connection) and without the empty line.
  ///
  /// `Content-Encoding` stays among them, as with nginx and Apache: it is the parts' coding.
  public let fields: [UInt8]
  /// The length of all that follows the fields: the parts with their heads, and the end.
  public let byteCount: Int64
  /// The parts in their order, at least two.
  public let parts: [Part]
  /// What stands behind the last part.
  public let end: [UInt8]

  /// One part.
  public struct Part: Sendable {
    /// The boundary and the fields before the part's bytes.
    public let head: [UInt8]
    /// The part's bytes.
    public let body: BodySource
  }

  /// - Parameters:
  ///   - representationFields: the field lines of a 206; `Content-Type` comes first.
  ///   - boundary: what separates the parts: only letters, digits and what RFC 2046 allows beside.
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
  /// Allocates, as the one answer that does: several ranges are rare.
  ///
  /// - Parameters:
  ///   - representation: the number in the plan's body.
  ///   - head: the request that the plan was made for.
  ///   - bytes: the buffer that `head` was parsed from.
  public func multipart(
    of representation: Int,
    for head: RequestHead,
    in bytes: Span<UInt8>
  ) -> MultipartRanges {
    let form = representations[representation]
    guard let list = ByteRange.list(bytes, head.range.range),
      let ranges = ByteRanges(bytes, list, size: form.byteCount), ranges.count > 1
    else { preconditionFailure("the plan was made for another request") }
    // The tag comes from the content, which therefore hardly holds it: no part ends too early.
    let tag = copy(form.entityTag).dropFirst().dropLast()
    return MultipartRanges(
      ranges,
      of: form,
      contentType: copy(form.contentType),
      representationFields: copy(form.partialHead.bytes),
      boundary: Array("staticd-".utf8) + tag
    )
  }
}
