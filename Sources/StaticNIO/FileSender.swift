#if NIO
  internal import NIOCore
  internal import NIOHTTP1
  internal import NIOPosix
  internal import StaticAssets

  /// Sends the pieces of a body of which some are in a file, each when the client has taken the one
  /// before.
  ///
  /// Confined to the event loop of its channel. A channel that closes fails what is being written,
  /// which ends this and lets the file go.
  final class FileSender {
    /// Bytes that the system is asked to send at a time: others have their turn in between.
    private static let regionByteCount: Int64 = 2 << 20
    /// Bytes that are read at a time, and lie in memory for each response.
    private static let chunkByteCount: Int64 = 128 << 10
    /// How often a file is looked at while a client takes long for a region of it.
    private static let watchInterval = TimeAmount.milliseconds(200)

    private let context: ChannelHandlerContext
    private let answer: Answer
    private let file: BodyFile
    /// What regions are made of; nil when there shall be none.
    private let handle: NIOFileHandle?
    private var pieces: ArraySlice<PreparedResponse.Piece>
    /// What is left of the piece that is being sent, as offsets in the file.
    private var rest: Range<Int64> = 0..<0
    /// Where the region ends that is being sent; nil while there is none.
    private var regionEnd: Int64?
    private var watch: RepeatedTask?

    init(
      _ context: ChannelHandlerContext,
      _ answer: Answer,
      _ pieces: [PreparedResponse.Piece],
      _ file: BodyFile,
      _ fileSending: StaticAssetsHandler.FileSending
    ) {
      self.context = context
      self.answer = answer
      self.file = file
      handle =
        switch fileSending {
        // The only kind of handle that regions are made of, and its initializer without a warning.
        case .regions: NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor)
        case .chunks: nil
        }
      self.pieces = pieces[...]
    }

    /// Sends what is left, and then the end.
    func sendNext() {
      while rest.isEmpty, let piece = pieces.popFirst() {
        switch piece {
        case .buffer(let buffer): Answer.write(buffer, context)
        case .file(let range): rest = range
        }
      }
      guard !rest.isEmpty else {
        release()
        answer.finish(context)
        return
      }
      if let handle { sendRegion(of: handle) } else { sendChunk() }
    }

    private func sendRegion(of handle: NIOFileHandle) {
      let end = min(rest.upperBound, rest.lowerBound + Self.regionByteCount)
      // NIO would try for ever to send what is not there.
      guard file.byteCount >= end else {
        fail()
        return
      }
      let region = FileRegion(
        fileHandle: handle,
        readerIndex: Int(rest.lowerBound),
        endIndex: Int(end)
      )
      regionEnd = end
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      context.writeAndFlush(Answer.part(.body(.fileRegion(region)))).whenComplete { result in
        bound.value.advance(to: end, result)
      }
      if regionEnd != nil, watch == nil { startWatch() }
    }

    /// Ends the connection when the file becomes too short for the region that is being sent.
    private func startWatch() {
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      watch = context.eventLoop.scheduleRepeatedTask(
        initialDelay: Self.watchInterval,
        delay: Self.watchInterval
      ) { _ in
        let sender = bound.value
        if let end = sender.regionEnd, sender.file.byteCount < end {
          // What is being written fails with it, and tells `advance`.
          sender.context.close(promise: nil)
        }
      }
    }

    private func sendChunk() {
      let range = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + Self.chunkByteCount)
      let file = file
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) {
        try Self.read(file, range)
      }.flatMap { chunk in
        bound.value.context.writeAndFlush(Answer.part(.body(.byteBuffer(chunk))))
      }.whenComplete { result in
        bound.value.advance(to: range.upperBound, result)
      }
    }

    /// Reads the bytes in `range`; blocks.
    private static func read(_ file: BodyFile, _ range: Range<Int64>) throws -> ByteBuffer {
      let count = range.count
      var buffer = ByteBufferAllocator().buffer(capacity: count)
      // The memory is the buffer's, of which exactly the bytes read become its content.
      try unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { memory in
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
        try unsafe file.read(into: target, at: range.lowerBound)
        return count
      }
      return buffer
    }

    private func advance(to offset: Int64, _ result: Result<Void, any Error>) {
      regionEnd = nil
      guard case .success = result else {
        fail()
        return
      }
      rest = offset..<rest.upperBound
      guard !rest.isEmpty || !pieces.isEmpty else {
        sendNext()
        return
      }
      // Not at once: what is sent without waiting would nest as deep as the file is long.
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      context.eventLoop.execute { bound.value.sendNext() }
    }

    /// Gives up: the head has announced more than came, which only an end of the connection tells.
    private func fail() {
      release()
      context.close(promise: nil)
    }

    /// Takes the descriptor back from the handle, which must not close it: it is the file's.
    private func release() {
      watch?.cancel()
      _ = try? handle?.takeDescriptorOwnership()
    }
  }
#endif
