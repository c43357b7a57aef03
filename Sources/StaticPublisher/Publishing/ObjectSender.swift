internal import StaticAssets
internal import StaticCollector

/// Sends single objects to a store.
struct ObjectSender: Sendable {
  let root: BytePath
  let store: ObjectStore
  let isDryRun: Bool

  /// Files up to this length are read once and kept in memory; sixteen are sent at a time.
  private static let keptByteCountMax = 4 << 20

  /// The outcome for one object.
  struct Outcome: Sendable {
    enum Kind { case kept, sent, updated }

    let kind: Kind
    /// The entity tag that lists will show; empty if it is unknown.
    let entityTag: String
  }

  /// Performs a step.
  ///
  /// - Parameter listed: the entity tag in the list; empty for none.
  func perform(_ step: PublishPlan.Step, listed: String) throws(StoreError) -> Outcome {
    let object = step.object
    switch step.action {
    case .keep: return Outcome(kind: .kept, entityTag: listed)
    case .send: return try send(object, .sent)
    case .update: return try send(object, .updated)
    case .ask:
      let stored = try store.fields(of: object.name)
      if let stored, object.fields.areStored(stored, md5: object.md5) {
        return Outcome(kind: .kept, entityTag: listed)
      }
      let hasContent = listed.utf8.elementsEqual(object.md5)
      return try send(object, hasContent ? .updated : .sent)
    }
  }

  /// Compares the files of the steps that send something, or may, with their digests.
  ///
  /// - Throws: `inputs` with a line for each file that differs.
  func check(_ steps: [PublishPlan.Step]) throws(StoreError) {
    let steps = steps.filter { $0.action != .keep && $0.object.phase != .manifest }
    let lines = ParallelMap.map(count: steps.count, threadCount: ObjectStore.concurrency) {
      number -> String? in
      do throws(StoreError) {
        _ = try verified(steps[number].object)
        return nil
      } catch {
        return error.description
      }
    }.compactMap { $0 }
    guard lines.isEmpty else { throw .inputs(lines) }
  }

  private func send(_ object: WantedObject, _ kind: Outcome.Kind) throws(StoreError) -> Outcome {
    guard !isDryRun else { return Outcome(kind: kind, entityTag: "") }
    // Read again, since it may have changed since the check.
    let (body, md5, sha256) = try verified(object)
    let entityTag = try store.write(
      object.name,
      body,
      fields: object.fields.sent(md5: object.md5),
      md5: md5,
      sha256: String(decoding: DigestText.hexadecimal(sha256), as: UTF8.self)
    )
    return Outcome(kind: kind, entityTag: entityTag)
  }

  /// The content of an object's file, which has the recorded digest, and its digests.
  private func verified(
    _ object: WantedObject
  ) throws(StoreError) -> (body: HTTPBody, md5: [UInt8], sha256: [UInt8]) {
    let path = root.appending(object.file)
    let content = try content(path, object)
    guard DigestText.hexadecimal(content.md5) == object.md5 else {
      throw .input("'\(path)' is not what \(ManifestName.collected) says of it; collect again")
    }
    return content
  }

  /// A file's content, and its digests.
  private func content(
    _ path: BytePath,
    _ object: WantedObject
  ) throws(StoreError) -> (body: HTTPBody, md5: [UInt8], sha256: [UInt8]) {
    do throws(FileError) {
      let file = try Descriptor.open(path, flags: FileFlags.read)
      var md5 = MD5()
      var sha256 = SHA256()
      func digest(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { bytes in
          unsafe md5.update(bytes)
          unsafe sha256.update(bytes)
        }
      }
      guard object.byteCount > Self.keptByteCountMax else {
        let bytes = try file.readAll(path: path, expected: object.byteCount)
        digest(bytes)
        return (.bytes(bytes), md5.finish(), sha256.finish())
      }
      try file.forEachChunk(path: path) { digest($0) }
      return (.file(path, byteCount: object.byteCount), md5.finish(), sha256.finish())
    } catch {
      throw .input("\(error); collect again")
    }
  }
}
