#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import StaticAssets

  /// A response as NIO has it, without what differs between two sendings.
  final class PreparedResponse: Sendable {
    /// A part of the body.
    enum Piece {
      case buffer(ByteBuffer)
      /// These offsets of the file.
      case file(Range<Int64>)
    }

    /// Without `Date` and `Connection`.
    let head: HTTPResponseHead
    /// The body, in order.
    let body: [Piece]
    /// The table's number of the file that pieces of the body are in.
    let fileNumber: Int?

    /// `plain`, which is a response of `table`.
    init(_ plain: PlainResponse, of table: FileTable) {
      head = HTTPResponseHead(
        version: .http1_1,
        status: HTTPResponseStatus(statusCode: Int(plain.status.rawValue)),
        headers: HTTPHeaders(plain.fields.map { ($0.name, $0.value) })
      )
      body = plain.body.map { piece in
        switch piece {
        case .memory(let slice): .buffer(Self.buffer(slice, of: table))
        case .bytes(let bytes): .buffer(ByteBuffer(bytes: bytes))
        case .file(_, let offset, let byteCount): .file(offset..<(offset + byteCount))
        }
      }
      fileNumber = plain.fileNumber
    }

    /// The refusal of a request, or of one whose file is gone or another one by now.
    init(refusing status: ResponseStatus) {
      let text = "\(status.reason)\n"
      head = HTTPResponseHead(
        version: .http1_1,
        status: HTTPResponseStatus(statusCode: Int(status.rawValue)),
        headers: [
          "Content-Type": "text/plain; charset=\"utf-8\"",
          "Cache-Control": "no-store",
          "Content-Length": "\(text.utf8.count)",
        ]
      )
      body = [.buffer(ByteBuffer(string: text))]
      fileNumber = nil
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
#endif
