import StaticAssets
import StaticCollector
import Testing

@testable import StaticPublisher

/// The action for each object, and the removals: all cases, without a store.
@Suite struct PublishPlanTests {
  static let md5 = ContentDigests.md5(Array("content".utf8))
  static let otherMD5 = ContentDigests.md5(Array("other".utf8))
  static let fields = ObjectFields(contentType: "text/css", cacheControl: "max-age=60, public")

  static func wanted(
    _ name: BytePath,
    _ phase: WantedObject.Phase = .original,
    release: String = "new"
  ) -> WantedObject {
    WantedObject(
      name: name,
      file: name,
      byteCount: 7,
      md5: md5,
      fields: fields,
      phase: phase,
      release: Array(release.utf8)
    )
  }

  static func listed(
    _ tag: [UInt8] = md5,
    bytes: Int = 7,
    modified: String = "2026-01-01T00:00:00.000Z"
  ) -> ListedObject {
    ListedObject(
      byteCount: bytes,
      entityTag: String(decoding: tag, as: UTF8.self),
      modified: modified
    )
  }

  static func recorded(
    md5: [UInt8] = md5,
    fields: String = fields.digest,
    release: String = "new",
    tag: String = ""
  ) -> RemoteManifest.Object {
    RemoteManifest.Object(
      byteCount: 7,
      md5: md5,
      fields: Array(fields.utf8),
      release: Array(release.utf8),
      entityTag: Array(tag.utf8)
    )
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var what: String
    var listed: ListedObject?
    var recorded: RemoteManifest.Object?
    var manifestModified: String? = "2026-01-02T00:00:00.000Z"
    var action: PublishPlan.Action

    var testDescription: String { what }
  }

  @Test(arguments: [
    Row(what: "missing", listed: nil, recorded: recorded(), action: .send),
    Row(what: "as it has to be", listed: listed(), recorded: recorded(), action: .keep),
    Row(what: "another size", listed: listed(bytes: 8), recorded: recorded(), action: .send),
    Row(what: "another content", listed: listed(otherMD5), recorded: recorded(), action: .send),
    Row(
      what: "other fields",
      listed: listed(),
      recorded: recorded(fields: "0123456789abcdef"),
      action: .update
    ),
    Row(what: "not noted", listed: listed(), recorded: nil, action: .ask),
    Row(
      what: "noted with another content",
      listed: listed(),
      recorded: recorded(md5: otherMD5),
      action: .ask
    ),
    Row(
      what: "written after the manifest",
      listed: listed(modified: "2026-01-02T00:00:00.001Z"),
      recorded: recorded(),
      action: .ask
    ),
    Row(
      what: "no manifest",
      listed: listed(),
      recorded: nil,
      manifestModified: nil,
      action: .ask
    ),
    // Stores whose entity tags are not MD5.
    Row(
      what: "tag as noted",
      listed: listed(Array("opaque-1".utf8)),
      recorded: recorded(tag: "opaque-1"),
      action: .keep
    ),
    Row(
      what: "tag of another content as noted",
      listed: listed(Array("opaque-1".utf8)),
      recorded: recorded(md5: otherMD5, tag: "opaque-1"),
      action: .send
    ),
    Row(
      what: "another tag",
      listed: listed(Array("opaque-2".utf8)),
      recorded: recorded(tag: "opaque-1"),
      action: .ask
    ),
    Row(
      what: "tag of parts",
      listed: listed(Array("9a0364b9e99bb480dd25e1f0284c8555-2".utf8)),
      recorded: nil,
      action: .ask
    ),
    Row(
      what: "a tag that looks like an MD5, as noted",
      listed: listed(otherMD5),
      recorded: recorded(tag: String(decoding: otherMD5, as: UTF8.self)),
      action: .keep
    ),
  ])
  func decides(row: Row) {
    let action = PublishPlan.action(
      for: Self.wanted("a.css"),
      listed: row.listed,
      recorded: row.recorded,
      manifestModified: row.manifestModified
    )
    #expect(action == row.action)
  }

  static func release(_ wanted: [WantedObject], _ labels: [String] = ["new"]) -> LocalRelease {
    LocalRelease(
      label: Array(labels[0].utf8),
      releases: labels.map { Array($0.utf8) },
      wanted: wanted
    )
  }

  static func remote(
    _ labels: [String],
    _ objects: [BytePath: RemoteManifest.Object],
    leaving: Set<BytePath> = []
  ) -> RemoteManifest {
    var manifest = RemoteManifest()
    manifest.releases = labels.map { Array($0.utf8) }
    manifest.objects = objects
    manifest.leaving = leaving
    return manifest
  }

  static func labels(_ plan: PublishPlan) -> [String] {
    plan.releases.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test("hashed files, originals, manifests")
  func order() {
    let plan = PublishPlan(
      Self.release([
        Self.wanted("a.css"), Self.wanted("staticfiles.json", .manifest),
        Self.wanted("staticd.json", .manifest), Self.wanted("z.1.css", .hashed),
      ]),
      listing: [:],
      remote: nil,
      keptCount: 3
    )
    #expect(
      plan.steps.map(\.object.name) == ["z.1.css", "a.css", "staticfiles.json", "staticd.json"]
    )
    #expect(plan.steps.allSatisfy { $0.action == .send } && !plan.isNothing)
    #expect(plan.removals.isEmpty)
  }

  @Test("only files that the manifest lists are removed, with their release")
  func removals() {
    let listing: [BytePath: ListedObject] = [
      "a.css": Self.listed(), "b.css": Self.listed(), "c.css": Self.listed(),
      "other": Self.listed(),
      RemoteManifest.name: Self.listed(modified: "2026-01-02T00:00:00.000Z"),
    ]
    let objects: [BytePath: RemoteManifest.Object] = [
      "a.css": Self.recorded(release: "r3"), "b.css": Self.recorded(release: "r2"),
      "c.css": Self.recorded(release: "r1"), "gone.css": Self.recorded(release: "r2"),
    ]
    func plan(_ keptCount: Int) -> PublishPlan {
      PublishPlan(
        Self.release([Self.wanted("a.css")]),
        listing: listing,
        remote: Self.remote(["r3", "r2", "r1"], objects),
        keptCount: keptCount
      )
    }
    #expect(Self.labels(plan(3)) == ["new", "r3", "r2"])
    #expect(
      plan(3).removals == ["c.css"] && plan(3).kept.keys.sorted { "\($0)" < "\($1)" } == ["b.css"]
    )
    #expect(plan(4).removals.isEmpty && plan(4).kept.count == 2)
    #expect(plan(1).removals == ["b.css", "c.css"] && plan(1).kept.isEmpty)
  }

  @Test("an earlier release becomes the current one again")
  func rollback() {
    let plan = PublishPlan(
      Self.release([Self.wanted("a.css", release: "r1")], ["r1"]),
      listing: [:],
      remote: Self.remote(["r3", "r2", "r1"], [:]),
      keptCount: 2
    )
    #expect(Self.labels(plan) == ["r1", "r3"])
  }

  @Test("files used only by releases beyond the kept ones are not sent")
  func oldFiles() {
    let plan = PublishPlan(
      Self.release(
        [Self.wanted("a.css"), Self.wanted("old.1.css", .hashed, release: "r1")],
        ["new", "r2", "r1"]
      ),
      listing: [:],
      remote: nil,
      keptCount: 2
    )
    #expect(plan.steps.map(\.object.name) == ["a.css"])
  }

  @Test(
    "a file belongs to the last release that any root has published with it",
    arguments: [
      // The label in the root, the label in the store, the number of kept releases, the resulting
      // label.
      ("a", "b", 4, "b"), ("a", "b", 3, "b"), ("b", "a", 3, "b"), ("new", "b", 2, "new"),
      ("a", "b", 2, nil), ("a", "x", 4, "a"),
    ] as [(String, String, Int, String?)]
  )
  func labels(row: (own: String, recorded: String, keptCount: Int, label: String?)) {
    let plan = PublishPlan(
      Self.release(
        [Self.wanted("a.css"), Self.wanted("f.1.css", .hashed, release: row.own)],
        ["new", "a"]
      ),
      listing: ["f.1.css": Self.listed(), "a.css": Self.listed()],
      remote: Self.remote(["c", "b", "a"], ["f.1.css": Self.recorded(release: row.recorded)]),
      keptCount: row.keptCount
    )
    let wanted = plan.steps.first { $0.object.name == "f.1.css" }?.object.release
    let label = wanted ?? plan.kept["f.1.css"]?.release
    #expect(label.map { String(decoding: $0, as: UTF8.self) } == row.label)
    #expect(plan.removals == (row.label == nil ? ["f.1.css"] : []))
  }

  @Test("files that another run may be about to remove are sent again, or removed if unused")
  func leaving() {
    let listing: [BytePath: ListedObject] = [
      "a.css": Self.listed(), "b.css": Self.listed(),
      RemoteManifest.name: Self.listed(modified: "2026-01-02T00:00:00.000Z"),
    ]
    let plan = PublishPlan(
      Self.release([Self.wanted("a.css")]),
      listing: listing,
      remote: Self.remote(
        ["new"],
        ["a.css": Self.recorded()],
        leaving: ["a.css", "b.css", "c.css"]
      ),
      keptCount: 3
    )
    #expect(plan.steps.map(\.action) == [.send])
    #expect(plan.removals == ["b.css"])
  }

  @Test("nothing is done if everything is present and recorded")
  func nothing() {
    let listing: [BytePath: ListedObject] = [
      "a.css": Self.listed(),
      RemoteManifest.name: Self.listed(modified: "2026-01-02T00:00:00.000Z"),
    ]
    func plan(_ remote: RemoteManifest) -> PublishPlan {
      PublishPlan(
        Self.release([Self.wanted("a.css")]),
        listing: listing,
        remote: remote,
        keptCount: 3
      )
    }
    #expect(plan(Self.remote(["new"], ["a.css": Self.recorded()])).isNothing)
    let leftover = Self.remote(["new"], ["a.css": Self.recorded()], leaving: ["gone.css"])
    #expect(plan(leftover).isNothing)
    #expect(!plan(Self.remote(["old", "new"], ["a.css": Self.recorded()])).isNothing)
    #expect(!plan(Self.remote(["new"], ["a.css": Self.recorded(release: "old")])).isNothing)
    let forgotten =
      ["a.css": Self.recorded(), "gone.css": Self.recorded()] as [BytePath: RemoteManifest.Object]
    #expect(!plan(Self.remote(["new"], forgotten)).isNothing)
  }

  @Test("the manifest is read as written, and refused after an edit")
  func manifest() throws {
    let manifest = Self.remote(
      ["new", "é\"\\"],
      ["a b.css": Self.recorded(), BytePath([0xFF, 0x41]): Self.recorded(tag: "opaque")],
      leaving: ["x.css"]
    )
    #expect(RemoteManifest(manifest.text) == manifest)
    #expect(RemoteManifest(RemoteManifest().text) == RemoteManifest())
    var edited = manifest.text
    edited[20] ^= 1
    #expect(RemoteManifest(edited) == nil)
    #expect(RemoteManifest([]) == nil && RemoteManifest(Array("{}".utf8)) == nil)
    let later = ManifestSeal.sealing(Array("{\"version\": 2, \"objects\": {}".utf8))
    #expect(RemoteManifest(later) == nil)
  }

  @Test("fields have one digest, whatever the order of added fields")
  func digests() {
    func fields(_ others: [(String, String)]) -> String {
      ObjectFields(
        contentType: "a",
        cacheControl: "b",
        others: others.map { (name: $0.0, value: $0.1) }
      ).digest
    }
    #expect(
      fields([("Expires", "1"), ("x-amz-acl", "2")])
        == fields([("X-Amz-ACL", "2"), ("expires", "1")])
    )
    #expect(fields([]) != fields([("Expires", "1")]))
    #expect(
      ObjectFields(contentType: "a", cacheControl: "", coding: .brotli).digest
        != ObjectFields(contentType: "a", cacheControl: "", coding: .gzip).digest
    )
  }
}
