internal import StaticAssets
package import StaticCollector
internal import Synchronization

/// Publishes a collected root to an object store.
///
/// Hashed files are written first, then files under their own names, then the two manifests, and
/// `RemoteManifest` last; objects are removed after that. Readers therefore find what the pages of
/// either release refer to, and a killed run leaves the previous release; the next run continues
/// from the list of the store.
///
/// Two concurrent runs leave one complete release, without a lock: there is none that all stores
/// support. Both write originals and manifests, which belong to one release at a time. The rule: a
/// run writes `RemoteManifest` after each such write, and lists the store after that. Then
///
/// 1. one write of that manifest is the last; W is the run that makes it;
/// 2. every other run has made its last write of an original before, so the list of W shows it;
/// 3. if W had found an object that is not its own, it would have sent it again, and then the
///    manifest, so that write would not have been the last. So the store has the release of W.
///
/// A run whose manifest is not the one in the list has been overtaken: it stops, removes nothing,
/// and reports that. W removes only what the manifest that it began with lists, and its own does
/// not. An object that another run has begun to need meanwhile is in the list `leaving` of W's
/// manifest, so that run sends it again. A list does not show if two concurrent runs send the same
/// content with different fields.
package struct Publisher: Sendable {
  private let options: PublishOptions
  private let store: ObjectStore
  private let progress: CollectProgress
  private let sender: ObjectSender

  package init(_ options: PublishOptions, _ store: ObjectStore, _ progress: CollectProgress) {
    self.options = options
    self.store = store
    self.progress = progress
    sender = ObjectSender(root: options.root, store: store, isDryRun: options.isDryRun)
  }

  /// Publishes, and returns what was done.
  package func run() throws(StoreError) -> PublishReport {
    var report = PublishReport(options, store.address)
    try run(reporting: &report)
    return report
  }

  /// Publishes; `report` gets what was done, also in case of an error.
  package func run(reporting report: inout PublishReport) throws(StoreError) {
    defer {
      report.requestCount = store.requestCount
      report.retryCount = store.retryCount
    }
    let release = try LocalRelease(
      root: options.root,
      layout: options.layout,
      rules: options.rules
    )
    report.release = String(decoding: release.label, as: UTF8.self)
    progress.begin(.listing, count: 0)
    let listing = try store.list()
    let plan = PublishPlan(
      release,
      listing: listing,
      remote: listing[RemoteManifest.name] == nil ? nil : try remoteManifest(),
      keptCount: options.keptReleaseCount
    )
    report.keptCount = plan.kept.count
    try sender.check(plan.steps)
    if !options.isDryRun, !plan.isNothing, let manifest = listing[RemoteManifest.name] {
      // `PublishPlan.action` compares the times of objects with that of the manifest.
      store.waitUntilLater(than: manifest.modified)
    }
    var delivery = Delivery(listing)
    defer { Self.note(plan, delivery, in: &report) }
    progress.begin(
      .publishing,
      count: plan.steps.count,
      byteCount: plan.steps.reduce(0) { $0 + ($1.action == .keep ? 0 : $1.object.byteCount) }
    )
    for phase in WantedObject.Phase.allCases {
      let steps = plan.steps.filter { $0.object.phase == phase }
      // One manifest after the other; the one that describes everything is last.
      try deliver(
        steps,
        phase == .manifest ? 1 : ObjectStore.concurrency,
        &delivery,
        isRepeated: false
      )
    }
    if !options.isDryRun, !plan.isNothing {
      try settle(plan, &delivery)
      try store.remove(plan.removals)
    }
    report.removed = plan.removals
  }

  private func remoteManifest() throws(StoreError) -> RemoteManifest? {
    guard let stored = try store.read(RemoteManifest.name) else { return nil }
    guard let manifest = RemoteManifest(stored.bytes) else {
      throw .input(
        "'\(RemoteManifest.name)' in '\(store.address.url)' is not whole, or of another version of "
          + "staticd; remove it, and publish again: nothing of earlier releases will be removed then"
      )
    }
    return manifest
  }

  /// Performs the steps, several at a time; after a failure no further step is started.
  private func deliver(
    _ steps: [PublishPlan.Step],
    _ threadCount: Int,
    _ delivery: inout Delivery,
    isRepeated: Bool
  ) throws(StoreError) {
    let failure = Mutex<StoreError?>(nil)
    let tags = delivery.entityTags
    let outcomes = ParallelMap.map(count: steps.count, threadCount: threadCount) { number in
      guard failure.withLock({ $0 == nil }) else { return ObjectSender.Outcome?.none }
      let step = steps[number]
      let isWork = step.action != .keep
      // The progress has counted repeated steps before.
      if !isRepeated, isWork { progress.start(step.object.name) }
      defer {
        if !isRepeated { progress.finish(step.object.name, isWork ? step.object.byteCount : 0) }
      }
      do throws(StoreError) {
        return try sender.perform(step, listed: tags[step.object.name] ?? "")
      } catch {
        failure.withLock { $0 = $0 ?? error }
        return nil
      }
    }
    for (step, outcome) in zip(steps, outcomes) {
      if let outcome { delivery.note(step.object, outcome) }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }

  /// Writes the manifest, and repeats that until the store has the whole release.
  ///
  /// Another run may still be writing; it ends, or finds this manifest after its own and stops. So
  /// there must be a round after its last write, however slow it is.
  ///
  /// Each round waits before it sends, not between sending and listing: otherwise two alternating
  /// runs would each find the other's objects, in every round.
  private func settle(_ plan: PublishPlan, _ delivery: inout Delivery) throws(StoreError) {
    var round = 0
    while true {
      let written = try write(delivery.manifest(of: plan).text)
      let missing = try missing(plan, delivery, written)
      guard let missing else { return try giveWay(plan, delivery) }
      guard !missing.isEmpty else { return }
      guard store.waitsForOthers(round: round) else { break }
      // A delayed list may show everything by now.
      let stillMissing = try self.missing(plan, delivery, written)
      guard let stillMissing else { return try giveWay(plan, delivery) }
      guard !stillMissing.isEmpty else { return }
      try deliver(stillMissing, ObjectStore.concurrency, &delivery, isRepeated: true)
      round += 1
    }
    throw .overtaken(
      "'\(store.address.url)' does not show what was sent: another run publishes there, or its lists "
        + "are late; publish again"
    )
  }

  /// The steps to repeat, because a list does not show their objects as sent; nil if the manifest
  /// is no longer the one with the entity tag `written`.
  private func missing(
    _ plan: PublishPlan,
    _ delivery: Delivery,
    _ written: String
  ) throws(StoreError) -> [PublishPlan.Step]? {
    let listing = try store.list()
    guard try isOwn(listing[RemoteManifest.name], written) else { return nil }
    return plan.steps.filter { !delivery.isShown($0.object, in: listing) }
      .map { PublishPlan.Step(object: $0.object, action: .send) }
  }

  /// Writes the manifest, and returns its entity tag.
  private func write(_ text: [UInt8]) throws(StoreError) -> String {
    var md5 = MD5()
    unsafe text.withUnsafeBytes { unsafe md5.update($0) }
    let digest = md5.finish()
    let hexadecimal = DigestText.hexadecimal(digest)
    let fields = ObjectFields(contentType: "application/json", cacheControl: "no-cache")
    let entityTag = try store.write(
      RemoteManifest.name,
      .bytes(text),
      fields: fields.sent(md5: hexadecimal),
      md5: digest,
      sha256: String(decoding: ContentDigests.sha256(text[...]), as: UTF8.self)
    )
    return entityTag.isEmpty ? String(decoding: hexadecimal, as: UTF8.self) : entityTag
  }

  /// Whether the store has the manifest that this run wrote.
  ///
  /// A list may be delayed; if it does not show the entity tag, the object itself is requested.
  private func isOwn(_ listed: ListedObject?, _ written: String) throws(StoreError) -> Bool {
    if listed?.entityTag == written { return true }
    return try store.read(RemoteManifest.name)?.entityTag == written
  }

  /// Handles another run having written its manifest after this one.
  private func giveWay(_ plan: PublishPlan, _ delivery: Delivery) throws(StoreError) {
    let theirs = try remoteManifest()
    let own = delivery.manifest(of: plan)
    // It has published the same.
    if let theirs, theirs.releases.first == own.releases.first, theirs.objects == own.objects {
      return
    }
    let release = theirs?.releases.first.map { String(decoding: $0, as: UTF8.self) } ?? "?"
    throw .overtaken(
      "another run has published release \(release) to '\(store.address.url)' at the same time, which "
        + "is there now; publish again if this one is to be"
    )
  }

  private static func note(
    _ plan: PublishPlan,
    _ delivery: Delivery,
    in report: inout PublishReport
  ) {
    for step in plan.steps {
      switch delivery.kinds[step.object.name] {
      case .sent: report.sent.append(step.object.name)
      case .updated: report.updated.append(step.object.name)
      case .kept:
        report.unchangedCount += 1
        continue
      case nil: continue
      }
      report.sentByteCount += step.object.byteCount
    }
    report.sent.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    report.updated.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }
}
