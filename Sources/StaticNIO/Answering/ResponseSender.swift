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

    /// Sends `answer`; what is in files comes as the client takes it.
    func send(_ answer: Answer<Parts>) {
      guard answer.response.fileNumber != nil else {
        send(answer, nil)
        return
      }
      if let file = answer.keptFile {
        send(answer, file)
        return
      }
      open(answer, isRenewed: false)
    }

    /// Opens the file of the body on a thread that may wait for the disk, and sends `answer` then.
    private func open(_ answer: Answer<Parts>, isRenewed: Bool) {
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
        try answer.openedFile()
      }.whenComplete { result in
        switch result {
        case .success(let file): bound.value.send(answer, file)
        case .failure(let error as FileError) where error.isOfChangedFile && !isRenewed:
          bound.value.renew(answer)
        // Nothing has been sent yet, so that there can be another answer.
        case .failure: bound.value.send(answer.failed, nil)
        }
      }
    }

    /// Sends the answer of a newer table in place of `answer`, whose file has changed.
    private func renew(_ answer: Answer<Parts>) {
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      context.eventLoop.makeFutureWithTask { await answer.renewed() }.whenSuccess { renewed in
        bound.value.open(renewed ?? answer.failed, isRenewed: true)
      }
    }

    /// Sends `answer`, with what is in `file`.
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

    /// Writes a part; the future succeeds when the client's side has taken it.
    func writeAndFlush(_ part: Parts.Response) -> EventLoopFuture<Void> {
      context.writeAndFlush(NIOAny(part))
    }

    /// Writes the end, and closes the connection behind it if nothing may follow.
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
