#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOTLS
  internal import StaticAssets

  /// The request handling that the handlers share.
  ///
  /// Confined to the event loop of its channel.
  final class RequestAnswering<Parts: MessageParts> {
    /// The treatment of the parts of the current request.
    private enum State {
      /// There is no current request.
      case idle
      /// Parts are passed to the next handler.
      case passing
      /// Parts are dropped; the response is sent after the last one.
      case collecting(Answer<Parts>)
      /// All further parts are dropped, including later requests: the last response is being sent.
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

    /// Reads the properties of the channel; called when the handler is added.
    func begin(_ context: ChannelHandlerContext) {
      isStream = context.channel.isStream
      // HTTP/2 multiplexers accept only buffers. A connection that is already open may have had a
      // TLS handshake.
      if isStream || context.channel.isActive { sendsRegions = false }
    }

    /// Handles an inbound event of the channel.
    func notice(_ event: Any) {
      // TLS handlers accept only buffers. All of NIO's fire a `TLSUserEvent` after the handshake.
      if event is TLSUserEvent { sendsRegions = false }
    }

    /// Handles a part of a request.
    ///
    /// - Returns: false when the next handler must handle it.
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

    /// Handles an error.
    ///
    /// An error of NIO's parser gets a response, unless the app has received the start of the
    /// request. In the last handler of a pipeline, an error of the HTTP/2 codec gets one, too, and
    /// all other errors close the channel.
    ///
    /// - Returns: false when the next handler must handle it.
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
      // The client may or may not send the content, so the next request cannot be delimited.
      state = .closing
      var last = answer
      last.persistence = persistence.ending
      send(last, context)
    }

    /// Sends 400 for a request without a target.
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
