#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import StaticAssets
  internal import Synchronization

  /// A response as NIO has it.
  final class PreparedResponse: Sendable {
    /// A part of the body.
    enum Piece {
      case buffer(ByteBuffer)
      /// These offsets of the file.
      case file(Range<Int64>)
    }

    /// Without `Connection`, and with the `Date` of the second in which it was last asked for.
    private let datedHead: Mutex<(date: String, head: HTTPResponseHead)>
    /// The body, in order.
    let body: [Piece]
    /// The table's number of the file that pieces of the body are in.
    let fileNumber: Int?

    /// `plain`, which is a response of `table`.
    init(_ plain: PlainResponse, of table: FileTable) {
      let fields = HTTPHeaders(plain.fields.map { ($0.name, $0.value) })
      datedHead = Mutex(("", Self.head(plain.status, fields)))
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
      let fields: HTTPHeaders = [
        "Content-Type": "text/plain; charset=\"utf-8\"",
        "Cache-Control": "no-store",
        "Content-Length": "\(text.utf8.count)",
      ]
      datedHead = Mutex(("", Self.head(status, fields)))
      body = [.buffer(ByteBuffer(string: text))]
      fileNumber = nil
    }

    /// The head with `date` as its `Date`, put together once a second.
    func head(date: String) -> HTTPResponseHead {
      datedHead.withLock { dated in
        if dated.date != date {
          dated.date = date
          dated.head.headers.replaceOrAdd(name: "Date", value: date)
        }
        return dated.head
      }
    }

    private static func head(_ status: ResponseStatus, _ fields: HTTPHeaders) -> HTTPResponseHead {
      let status = HTTPResponseStatus(statusCode: Int(status.rawValue))
      return HTTPResponseHead(version: .http1_1, status: status, headers: fields)
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
