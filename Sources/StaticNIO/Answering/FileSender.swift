#if NIO
  internal import NIOCore
  internal import NIOPosix
  internal import StaticAssets

  /// Sends the pieces of a body of which some are in a file, each when the client has taken the one
  /// before.
  ///
  /// A file that changes meanwhile ends the response before its last byte, so that no client takes
  /// bytes of two contents for one. Confined to the event loop of its channel. A channel that closes
  /// fails what is being written, which ends this and lets the file go.
  final class FileSender<Parts: MessageParts> {
    private let sender: ResponseSender<Parts>
    private let persistence: Persistence
    private let file: BodyFile
    /// What regions are made of; nil when there shall be none.
    private let handle: NIOFileHandle?
    private var pieces: ArraySlice<PreparedResponse<Parts>.Piece>
    /// What is left of the piece that is being sent, as offsets in the file.
    private var rest: Range<Int64> = 0..<0
    private var chunk = FileChunk()
    /// Whether a region is being sent.
    private var isSendingRegion = false
    private var watch: RepeatedTask?

    init(_ sender: ResponseSender<Parts>, _ answer: Answer<Parts>, _ file: BodyFile) {
      self.sender = sender
      self.file = file
      persistence = answer.persistence
      pieces = answer.response.body[...]
      // The only kind of handle that regions are made of, and its initializer without a warning.
      handle =
        sender.sendsRegions
        ? NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: file.descriptor) : nil
    }

    deinit {
      // After `release` there is nothing to take. A loop that is shut down may drop this before.
      _ = try? handle?.takeDescriptorOwnership()
    }

    /// Sends what is left, and then the end.
    func sendNext() {
      while true {
        while rest.isEmpty, let piece = pieces.popFirst() {
          switch piece {
          case .buffer(let buffer): sender.write(Parts.part(buffer))
          case .file(let range): rest = range
          }
        }
        guard !rest.isEmpty else {
          release()
          sender.finish(persistence)
          return
        }
        guard let handle else {
          sendChunk()
          return
        }
        guard rest.count == 1 else {
          sendRegion(of: handle)
          return
        }
        guard sendLastByte() else {
          fail()
          return
        }
      }
    }

    // MARK: - Chunks

    private func sendChunk() {
      let range = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + FileChunk.byteCount)
      switch chunk.readCached(file, range) {
      case .whole(let buffer): send(buffer, range)
      case .changed: fail()
      case .notCached: readChunk(range)
      }
    }

    /// On a thread that may wait for the disk.
    private func readChunk(_ range: Range<Int64>) {
      let (file, chunk) = (file, chunk)
      self.chunk = FileChunk()
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      NIOThreadPool.singleton.runIfActive(eventLoop: sender.context.eventLoop) {
        var chunk = chunk
        let buffer = try chunk.read(file, range)
        return (chunk, buffer)
      }.whenComplete { result in
        let sender = bound.value
        guard case .success(let (chunk, buffer)) = result else {
          sender.fail()
          return
        }
        sender.chunk = chunk
        sender.send(buffer, range)
      }
    }

    private func send(_ buffer: ByteBuffer, _ range: Range<Int64>) {
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      sender.writeAndFlush(Parts.part(buffer)).whenComplete { result in
        bound.value.advance(to: range.upperBound, result)
      }
    }

    // MARK: - Regions

    /// All but the last byte of the piece, at most 2 MiB: others have their turn in between.
    private func sendRegion(of handle: NIOFileHandle) {
      let end = min(rest.upperBound - 1, rest.lowerBound + (2 << 20))
      // NIO would try for ever to send what is not there.
      guard isUnchanged else {
        fail()
        return
      }
      let region = FileRegion(
        fileHandle: handle,
        readerIndex: Int(rest.lowerBound),
        endIndex: Int(end)
      )
      guard let part = Parts.part(region) else {
        preconditionFailure("these parts have no regions")
      }
      isSendingRegion = true
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      sender.writeAndFlush(part).whenComplete { result in bound.value.advance(to: end, result) }
      if isSendingRegion, watch == nil { startWatch() }
    }

    /// The last byte of the piece, read after all others have gone out: whether the file is still the
    /// same then.
    private func sendLastByte() -> Bool {
      // In memory, after what lies before it on its page.
      guard let buffer = try? chunk.read(file, rest) else { return false }
      sender.write(Parts.part(buffer))
      rest = rest.upperBound..<rest.upperBound
      return true
    }

    /// Ends the connection when the file changes while a client takes long for a region: if it is too
    /// short for the region, nothing else ever would.
    private func startWatch() {
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      watch = sender.context.eventLoop.scheduleRepeatedTask(
        initialDelay: .milliseconds(200),
        delay: .milliseconds(200)
      ) { _ in
        let sender = bound.value
        if sender.isSendingRegion, !sender.isUnchanged {
          // What is being written fails with it, and tells `advance`.
          sender.sender.context.close(promise: nil)
        }
      }
    }

    private var isUnchanged: Bool { (try? file.checkVersion()) != nil }

    // MARK: - The end

    private func advance(to offset: Int64, _ result: Result<Void, any Error>) {
      isSendingRegion = false
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
      let bound = NIOLoopBound(self, eventLoop: sender.context.eventLoop)
      sender.context.eventLoop.execute { bound.value.sendNext() }
    }

    /// Gives up: the head has announced more than came, which only an end of the connection, or of the
    /// stream, tells.
    private func fail() {
      release()
      sender.context.close(promise: nil)
    }

    /// Takes the descriptor back from the handle, which must not close it: it is the file's.
    private func release() {
      watch?.cancel()
      watch = nil
      _ = try? handle?.takeDescriptorOwnership()
    }
  }
#endif
