#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOPosix
  internal import StaticAssets

  /// The response to one request, ready to be written.
  struct Answer {
    /// Whether the connection may carry another request after it.
    var keepsAlive: Bool

    private let response: PreparedResponse
    private let isVersion10: Bool
    private let table: FileTable

    /// The answer of `table` to the request with `head`; nil when it is nothing of the table's.
    init?(to head: HTTPRequestHead, from table: FileTable) {
      isVersion10 = head.version == .http1_0
      let request = ParsedRequest(
        method: head.method.rawValue,
        target: head.uri,
        isVersion10: isVersion10
      )
      guard var request else { return nil }
      for (name, value) in head.headers { request.add(name, value) }
      let response = table.response(to: request) { PreparedResponse($0, of: table) }
      guard let response else { return nil }
      self.table = table
      if let status = request.refusal {
        self.response = PreparedResponse(refusing: status)
        keepsAlive = false
      } else {
        self.response = response
        keepsAlive = Self.keepsAlive(head)
      }
    }

    /// The refusal of what is no request, after which the connection ends.
    init(refusing status: ResponseStatus, from table: FileTable) {
      response = PreparedResponse(refusing: status)
      self.table = table
      isVersion10 = false
      keepsAlive = false
    }

    /// Whether the connection goes on after the request with `head`.
    ///
    /// As NIO's `isKeepAlive`, but `close` goes before `keep-alive`. Source: RFC 9112 §9.3.
    private static func keepsAlive(_ head: HTTPRequestHead) -> Bool {
      let options = head.headers[canonicalForm: "connection"].map { $0.lowercased() }
      if options.contains("close") { return false }
      return head.version != .http1_0 || options.contains("keep-alive")
    }

    /// Writes the response, and closes the connection behind it if it is the last.
    func send(_ context: ChannelHandlerContext, _ delivery: Delivery) {
      guard let number = response.fileNumber else {
        writeHead(context, date: delivery.date)
        for piece in response.body {
          if case .buffer(let buffer) = piece { Self.write(buffer, context) }
        }
        finish(context)
        return
      }
      if let file = table.keptBody(number) {
        send(file, context, delivery)
        return
      }
      let table = table
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
        try table.openBody(number)
      }.whenComplete { result in
        let (answer, context) = bound.value
        switch result {
        case .success(let file): answer.send(file, context, delivery)
        // Nothing has been sent yet, so that there can be another answer.
        case .failure: Answer(refusing: .internalError, from: table).send(context, delivery)
        }
      }
    }

    private func send(
      _ file: BodyFile,
      _ context: ChannelHandlerContext,
      _ delivery: Delivery
    ) {
      writeHead(context, date: delivery.date)
      FileSender(context, self, response.body, file, delivery.fileSending).sendNext()
    }

    private func writeHead(_ context: ChannelHandlerContext, date: String) {
      var head = response.head(date: date)
      if !keepsAlive {
        head.headers.add(name: "Connection", value: "close")
      } else if isVersion10 {
        head.headers.add(name: "Connection", value: "keep-alive")
      }
      context.write(Self.part(.head(head)), promise: nil)
    }

    /// Writes a piece of the body that is in memory.
    static func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
      context.write(part(.body(.byteBuffer(buffer))), promise: nil)
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

  /// How a response is sent.
  struct Delivery: Sendable {
    /// The value of `Date`.
    let date: String
    let fileSending: StaticAssetsHandler.FileSending
  }
#endif
