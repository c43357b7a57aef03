#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOTLS
  internal import StaticAssets

  /// What a handler does with the parts of requests.
  ///
  /// Confined to the event loop of its channel.
  final class RequestAnswering<Parts: MessageParts> {
    /// What becomes of the parts of a request.
    private enum State {
      /// There is no request.
      case idle
      /// They go to the next handler.
      case passing
      /// They are dropped; the answer follows the last one.
      case collecting(Answer<Parts>)
      /// They are dropped, and those of all that follow: the last answer is on its way.
      case closing
    }

    private let assets: LiveTable
    private let role: Role
    private var sendsRegions: Bool
    private var state = State.idle
    private var date = DateValue()
    private var isStream = false

    init(_ assets: LiveTable, as role: Role, sendsRegions: Bool) {
      self.assets = assets
      self.role = role
      self.sendsRegions = sendsRegions
    }

    /// Takes the channel in.
    func begin(_ context: ChannelHandlerContext) {
      isStream = context.channel.isStream
      // Streams are multiplexed by a handler that takes buffers only. In a connection that is open already
      // there may have been a handshake.
      if isStream || context.channel.isActive { sendsRegions = false }
    }

    /// Takes an event of the channel.
    func notice(_ event: Any) {
      // A TLS handler takes buffers only. Every one that is made for NIO tells of its handshake.
      if event is TLSUserEvent { sendsRegions = false }
    }

    /// Takes a part of a request.
    ///
    /// - Returns: false when it is for the next handler.
    func takes(_ part: Parts.Request, _ context: ChannelHandlerContext) -> Bool {
      switch Parts.step(part) {
      case .head(let head):
        begin(head, context)
        return !isPassing
      case .content:
        return !isPassing
      case .end:
        return end(context)
      }
    }

    /// Takes an error.
    ///
    /// What NIO's parser has refused is answered, unless the app has the start of the request. The last
    /// handler of a pipeline also answers what the codec for HTTP/2 has refused, and closes the channel
    /// for all other errors.
    ///
    /// - Returns: false when it is for the next handler.
    func takes(_ error: any Error, _ context: ChannelHandlerContext) -> Bool {
      guard let refused = error as? HTTPParserError else { return takesOther(context) }
      switch state {
      case .passing: return false
      case .closing: return true
      case .idle, .collecting:
        state = .closing
        send(Answer(AnyStatus(refused.responseStatus), .ends), context)
        return true
      }
    }

    private func takesOther(_ context: ChannelHandlerContext) -> Bool {
      guard role == .rest else { return false }
      guard isStream, case .idle = state else {
        context.close(promise: nil)
        return true
      }
      refuse(context)
      return true
    }

    private var isPassing: Bool { if case .passing = state { true } else { false } }

    private func begin(_ head: Parts.RequestHead, _ context: ChannelHandlerContext) {
      if case .closing = state { return }
      guard let facts = Parts.facts(of: head) else {
        switch role {
        case .files: state = .passing
        case .rest: refuse(context)
        }
        return
      }
      let persistence = Persistence(facts, isStream: isStream)
      guard let answer = Answer<Parts>(to: facts, from: assets, as: role, persistence) else {
        state = .passing
        return
      }
      guard facts.expects else {
        state = .collecting(answer)
        return
      }
      // The content may come or not, so what follows cannot be told apart from it.
      state = .closing
      var last = answer
      last.persistence = persistence.ending
      send(last, context)
    }

    /// Answers a request that has no target.
    private func refuse(_ context: ChannelHandlerContext) {
      state = .closing
      send(Answer(AnyStatus(.badRequest), isStream ? .isStream : .ends), context)
    }

    private func end(_ context: ChannelHandlerContext) -> Bool {
      switch state {
      case .idle, .closing: return true
      case .passing:
        state = .idle
        return false
      case .collecting(let answer):
        state = .idle
        send(answer, context)
        return true
      }
    }

    private func send(_ answer: Answer<Parts>, _ context: ChannelHandlerContext) {
      ResponseSender<Parts>(context: context, date: date.now(), sendsRegions: sendsRegions)
        .send(answer)
    }
  }

  extension HTTPParserError {
    fileprivate var responseStatus: ResponseStatus {
      self == .headerOverflow ? .fieldsTooLarge : .badRequest
    }
  }
#endif
