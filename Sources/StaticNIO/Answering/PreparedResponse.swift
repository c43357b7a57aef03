#if NIO
  internal import NIOCore
  internal import StaticAssets

  /// A response in the types of a pipeline.
  final class PreparedResponse<Parts: MessageParts>: Sendable {
    /// A part of the body.
    enum Piece: Sendable {
      case buffer(ByteBuffer)
      /// A range of offsets in the file.
      case file(Range<Int64>)
    }

    /// The head without `Date` and `Connection`.
    let head: Parts.ResponseHead
    /// The body, in order.
    let body: [Piece]
    /// The original response, if pieces are in a file, which is opened before the head is sent.
    let stored: PlainResponse?

    /// Converts `plain`, which is a response of `table`.
    init(_ plain: PlainResponse, of table: FileTable) {
      head = Parts.head(AnyStatus(plain.status), plain.fields.map { ($0.name, $0.value) })
      body = plain.body.map { piece in
        switch piece {
        case .memory(let slice): .buffer(Self.buffer(slice, of: table))
        case .bytes(let bytes): .buffer(ByteBuffer(bytes: bytes))
        case .file(_, let offset, let byteCount): .file(offset..<(offset + byteCount))
        }
      }
      stored = plain.fileNumber == nil ? nil : plain
    }

    /// A response with only its status as text, when no table has one; without content for a status
    /// that has none (RFC 9110 §6.4.1), since the next response would begin with it.
    ///
    /// - Parameter isHead: whether the method is HEAD.
    init(_ status: AnyStatus, isHead: Bool = false) {
      stored = nil
      guard status.hasContent else {
        head = Parts.head(status, [("Cache-Control", "no-store")])
        body = []
        return
      }
      let text = "\(status.reason)\n"
      head = Parts.head(
        status,
        [
          ("Content-Type", "text/plain; charset=\"utf-8\""), ("Cache-Control", "no-store"),
          ("Content-Length", "\(text.utf8.count)"),
        ]
      )
      body = isHead ? [] : [.buffer(ByteBuffer(string: text))]
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
