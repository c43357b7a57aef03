#if NIO
  internal import Glibc
  internal import NIOCore
  internal import NIOHTTP1
  internal import StaticAssets

  /// One response, ready to be written.
  struct Answer {
    /// Whether the connection may carry another request after it.
    var keepsAlive: Bool
    /// What the body consists of.
    let body: [BodyPiece]

    private let head: HTTPResponseHead
    private let isVersion10: Bool
    /// What the body's pieces are in, unless they are in memory.
    private let file: BodyFile?
    private let table: FileTable

    /// The answer of `table` to the request with `head`; nil when it is nothing of the table's.
    init?(to head: HTTPRequestHead, from table: FileTable) {
      guard var request = ParsedRequest(method: head.method.rawValue, target: head.uri) else {
        return nil
      }
      for (name, value) in head.headers { request.add(name, value) }
      guard let plain = table.response(to: request) else { return nil }
      self.table = table
      isVersion10 = head.version == .http1_0
      file = plain.fileNumber.flatMap { try? table.openBody($0) }
      if plain.fileNumber != nil, file == nil {
        let text = "\(ResponseStatus.internalError.reason)\n"
        let fields = [
          ("Content-Type", "text/plain; charset=\"utf-8\""),
          ("Content-Length", "\(text.utf8.count)"),
        ]
        self.head = Self.head(.internalError, fields)
        body = [.bytes(Array(text.utf8))]
        keepsAlive = false
      } else {
        self.head = Self.head(plain.status, plain.fields.map { ($0.name, $0.value) })
        body = plain.body
        keepsAlive = head.isKeepAlive
      }
    }

    private static func head(
      _ status: ResponseStatus,
      _ fields: [(String, String)]
    ) -> HTTPResponseHead {
      var head = HTTPResponseHead(
        version: .http1_1,
        status: HTTPResponseStatus(statusCode: Int(status.rawValue)),
        headers: HTTPHeaders(fields)
      )
      let date = HTTPDate.format(Int64(time(nil)))
      let text = String(decoding: date.indices.map { date[$0] }, as: UTF8.self)
      head.headers.add(name: "Date", value: text)
      return head
    }

    /// Writes the response, and closes the connection behind it if it is the last.
    func send(_ context: ChannelHandlerContext, _ fileSending: StaticAssetsHandler.FileSending) {
      var head = head
      if !keepsAlive {
        head.headers.add(name: "Connection", value: "close")
      } else if isVersion10 {
        head.headers.add(name: "Connection", value: "keep-alive")
      }
      context.write(Self.part(.head(head)), promise: nil)
      if let file {
        FileSender(context, self, file, fileSending).sendNext()
      } else {
        for piece in body { write(piece, context) }
        finish(context)
      }
    }

    /// Writes a piece that is in memory.
    func write(_ piece: BodyPiece, _ context: ChannelHandlerContext) {
      let buffer: ByteBuffer
      switch piece {
      case .memory(let slice):
        buffer = table.withBytes(of: slice) { span in
          unsafe span.withUnsafeBytes { bytes in
            var buffer = ByteBufferAllocator().buffer(capacity: bytes.count)
            unsafe buffer.writeBytes(bytes)
            return buffer
          }
        }
      case .bytes(let bytes):
        buffer = ByteBuffer(bytes: bytes)
      case .file:
        preconditionFailure("a file is sent by a FileSender")
      }
      context.write(Self.part(.body(.byteBuffer(buffer))), promise: nil)
    }

    /// Writes the end.
    func finish(_ context: ChannelHandlerContext) {
      guard !keepsAlive else {
        context.writeAndFlush(Self.part(.end(nil)), promise: nil)
        return
      }
      let channel = context.channel
      context.writeAndFlush(Self.part(.end(nil))).whenComplete { _ in
        channel.close(promise: nil)
      }
    }

    /// A part as the pipeline takes it.
    static func part(_ part: HTTPServerResponsePart) -> NIOAny { NIOAny(part) }
  }
#endif
