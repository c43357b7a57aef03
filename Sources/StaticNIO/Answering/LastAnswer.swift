#if NIO
  internal import NIOCore
  internal import StaticAssets

  /// The response to a request that neither the table nor the app has answered.
  struct LastAnswer<Parts: MessageParts> {
    private let assets: LiveTable
    private let sender: ResponseSender<Parts>

    init(_ assets: LiveTable, _ context: ChannelHandlerContext) {
      self.assets = assets
      var date = DateValue()
      sender = ResponseSender(context: context, date: date.now(), sendsRegions: false)
    }

    /// Sends the fallback, or 404.
    func send(to facts: RequestFacts?) {
      guard let facts else {
        sender.send(Answer(AnyStatus(.badRequest), persistence(nil)))
        return
      }
      let answer = Answer<Parts>(to: facts, from: assets, as: .rest, persistence(facts))
      guard let answer else { preconditionFailure("there is a last answer to every request") }
      sender.send(answer)
    }

    /// Sends `status` with its error page.
    func send(_ status: AnyStatus, to facts: RequestFacts?) {
      let persistence = persistence(facts)
      let page = facts.flatMap { Answer<Parts>(page: status, to: $0, from: assets, persistence) }
      let isHead = facts?.request.head.method == .head
      sender.send(page ?? Answer(status, persistence, isHead: isHead))
    }

    private func persistence(_ facts: RequestFacts?) -> Persistence {
      let isStream = sender.context.channel.isStream
      guard let facts else { return isStream ? .isStream : .ends }
      return Persistence(facts, isStream: isStream)
    }
  }
#endif
