#if Hummingbird
  internal import HTTPTypes
  internal import Hummingbird
  internal import NIOCore
  internal import StaticAssets

  /// A response in Hummingbird's types.
  final class PreparedResponse: Sendable {
    /// A part of a body that does not fit one buffer.
    enum Piece {
      case buffer(ByteBuffer)
      /// A range of offsets in the file.
      case file(Range<Int64>)
    }

    /// The whole response, unless `pieces` are its body.
    let response: Response
    /// The pieces of a body that is written piece by piece; empty when the response has its own
    /// body.
    let pieces: [Piece]
    /// The number of bytes of the pieces.
    let byteCount: Int
    /// The original response, if pieces are in a file, which is opened before the head is sent.
    let stored: PlainResponse?

    /// Converts `plain`, which is a response of `table`.
    init(_ plain: PlainResponse, of table: FileTable) {
      var pieces: [Piece] = plain.body.map { piece in
        switch piece {
        case .memory(let slice): .buffer(Self.buffer(slice, of: table))
        case .bytes(let bytes): .buffer(ByteBuffer(bytes: bytes))
        case .file(_, let offset, let byteCount): .file(offset..<(offset + byteCount))
        }
      }
      var body = ResponseBody()
      if pieces.count == 1, case .buffer(let buffer) = pieces[0] {
        body = ResponseBody(byteBuffer: buffer)
        pieces = []
      }
      let fields = HTTPFields(plain)
      var response = Response(status: .init(plain.status), headers: fields, body: body)
      // Hummingbird sets `Content-Length: 0` for a missing body, which is wrong for a 304.
      if !fields.contains(.contentLength) { response.headers[.contentLength] = nil }
      self.response = response
      self.pieces = pieces
      byteCount = Int(plain.bodyByteCount)
      stored = plain.fileNumber == nil ? nil : plain
    }

    private static func buffer(_ slice: ByteSlice, of table: FileTable) -> ByteBuffer {
      table.withBytes(of: slice) { span in
        unsafe span.withUnsafeBytes { bytes in
          var buffer = ByteBufferAllocator().buffer(capacity: bytes.count)
          unsafe buffer.writeBytes(bytes)
          return buffer
        }
      }
    }
  }

  extension HTTPFields {
    fileprivate init(_ plain: PlainResponse) {
      self.init()
      // Hummingbird adds `Date` and `Server`.
      reserveCapacity(plain.fields.count + 2)
      for field in plain.fields {
        guard let name = HTTPField.Name(field.name) else { continue }
        append(HTTPField(name: name, value: field.value))
      }
    }
  }

  extension HTTPResponse.Status {
    fileprivate init(_ status: ResponseStatus) {
      self.init(code: Int(status.rawValue), reasonPhrase: "\(status.reason)")
    }
  }
#endif
