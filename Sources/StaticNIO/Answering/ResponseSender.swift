#if NIO
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  /// Sends the response to one request.
  ///
  /// Confined to the event loop of its channel.
  struct ResponseSender<Parts: MessageParts> {
    let context: ChannelHandlerContext
    let date: String
    let sendsRegions: Bool

    /// Sends `answer`; pieces of files are sent as the client takes them.
    func send(_ answer: Answer<Parts>) {
      guard let kept = answer.kept else { return open(answer) }
      send(kept.answer, kept.file)
    }

    /// Opens the file of the body on a thread that may wait for the disk, then sends `answer`.
    private func open(_ answer: Answer<Parts>) {
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
        try answer.opened()
      }.whenComplete { result in
        switch result {
        case .success(let opened): bound.value.send(opened.answer, opened.file)
        // Nothing has been sent yet, so another response is possible.
        case .failure: bound.value.send(answer.failed, nil)
        }
      }
    }

    /// Sends `answer`; the pieces of files are read from `file`.
    private func send(_ answer: Answer<Parts>, _ file: BodyFile?) {
      var head = answer.response.head
      Parts.add(date: date, connection: answer.persistence.field, to: &head)
      write(Parts.part(head))
      guard let file else {
        for case .buffer(let buffer) in answer.response.body { write(Parts.part(buffer)) }
        finish(answer.persistence)
        return
      }
      FileSender(self, answer, file).sendNext()
    }

    /// Writes a part without flushing.
    func write(_ part: Parts.Response) {
      context.write(NIOAny(part), promise: nil)
    }

    /// Writes a part; the future succeeds when it has been written to the socket.
    func writeAndFlush(_ part: Parts.Response) -> EventLoopFuture<Void> {
      context.writeAndFlush(NIOAny(part))
    }

    /// Writes the end, and then closes the connection if it does not persist.
    func finish(_ persistence: Persistence) {
      guard persistence == .ends else {
        context.writeAndFlush(NIOAny(Parts.end), promise: nil)
        return
      }
      let channel = context.channel
      writeAndFlush(Parts.end).whenComplete { _ in channel.close(promise: nil) }
    }
  }
#endif
