import Foundation
import StaticAssets
import StaticCollector
import Synchronization
import TestSupport
import Testing

@testable import StaticPublisher

/// A failing store, a stopped run, and two concurrent runs.
///
/// Goal: the store always has a whole release, and the next run repairs the rest.
// Serialized: each test uses sixteen connections, and Foundation cannot start a process with too
// many open files.
@Suite(.serialized) struct FaultTests {
  private let site = PublishedSite()

  init() async throws {
    for number in 0..<20 { site.source.write("file \(number)", to: "files/\(number).txt") }
    try await site.collect()
  }

  /// Checks that the store equals the root, and that a run has nothing to do.
  private func expectWhole(_ site: PublishedSite? = nil, keeping: Int = 3) throws {
    let site = site ?? self.site
    let objects = try site.store.objects()
    for name in site.root.files() where !name.hasPrefix(".") {
      #expect(objects["static/\(name)"]?.body == site.root.read(name), "\(name)")
    }
    #expect(try site.publish { $0.keptReleaseCount = keeping }.requestCount == 2)
  }

  @Test(
    "temporary failures are retried",
    arguments: [
      ["kind": "status", "status": 503, "code": "SlowDown"],
      ["kind": "status", "status": 500, "code": "InternalError"],
      ["kind": "status", "status": 502],
      ["kind": "status", "status": 429, "fields": ["Retry-After": "0"]],
      ["kind": "reset"], ["kind": "truncate"], ["kind": "corrupt", "method": "PUT"],
    ] as [[String: any Sendable]]
  )
  func temporary(fault: [String: any Sendable]) throws {
    try site.store.setFaults(
      fault.merging(["skip": 5, "times": 3]) { $1 },
      fault.merging(["skip": 10, "times": 2]) { $1 },
      fault.merging(["key": "staticd-publish", "times": 2]) { $1 }
    )
    let report = try site.publish()
    #expect(report.retryCount > 0 || fault["kind"] as? String == "reset")
    try expectWhole()
  }

  @Test("a container's service of credentials is asked again after a temporary failure")
  func containerCredentials() throws {
    let service = MetadataService(seconds: 3600, failures: 2)
    let url = "\(service.url)/container?x=1"
    let variables = [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": url,
      "AWS_CONTAINER_AUTHORIZATION_TOKEN": "container-token",
    ]
    try site.publish(variables: variables)
    try expectWhole()
  }

  @Test("a permanent failure ends the run, and the manifests are not written")
  func permanent() throws {
    try site.store.setFaults(
      [
        "method": "PUT", "key": "files/7.", "kind": "status", "status": 403, "code": "AccessDenied",
        "times": 9,
      ]
    )
    #expect {
      try site.publish()
    } throws: { error in
      guard case .refused(let refusal) = error as? StoreError else { return false }
      return refusal.description.contains("s3://bucket/static/files/7.")
        && refusal.description.contains("Because of AccessDenied") && !refusal.isUsage
    }
    let objects = try site.store.objects()
    #expect(objects["static/staticd.json"] == nil && objects["static/staticfiles.json"] == nil)
    try site.store.setFaults()
    // Objects already sent are not sent again.
    let sent = try site.publish().sent
    #expect(sent.count < 42 && sent.contains("staticd.json"))
    try expectWhole()
  }

  @Test("a store that keeps failing is given up")
  func hopeless() throws {
    try site.store.setFaults(["kind": "status", "status": 503, "code": "SlowDown", "times": 1000])
    #expect(throws: StoreError.self) { try site.publish(attemptsMax: 3) }
    #expect(try site.store.log().count == 3)
    try site.store.setFaults()
    #expect {
      try site.publish(endpoint: "http://127.0.0.1:1", attemptsMax: 2)
    } throws: { error in
      guard case .unreachable(let line) = error as? StoreError else { return false }
      return line.contains("cannot list 's3://bucket/static'") && line.contains("refused")
    }
  }

  @Test(
    "a run killed at any object leaves the previous release, and the next run continues",
    arguments: [1, 7, 20, 30, 41, 42, 43]
  )
  func killed(after count: Int) async throws {
    try site.publish()
    let before = try site.store.objects()
    for number in 0..<20 { site.source.write("new \(number)", to: "files/\(number).txt") }
    try await site.collect()
    _ = try site.store.log()
    // The following request is never answered, nor are those after it.
    try site.store.setFaults(["method": "PUT", "kind": "hold", "skip": count, "times": 1000])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Command.staticd)
    process.arguments = [
      "publish", "s3://bucket/static", "--endpoint", site.store.endpoint, "--root", site.root.path,
      "--quiet",
    ]
    process.environment = Command.inherited.merging(PublishedSite.variables) { $1 }
    process.standardError = FileHandle.nullDevice
    try process.start()
    var answered = 0
    let isReached = try eventually {
      answered += try site.store.log().count { $0.method == "PUT" }
      return answered >= count
    }
    #expect(isReached)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let objects = try site.store.objects()
    for (name, object) in before where object.fields["cache-control"]?.contains("immutable") == true
    {
      #expect(objects[name] == object, "\(name)")
    }
    // Every file named in a manifest exists.
    let manifest =
      try JSONSerialization.jsonObject(
        with: Data(objects["static/staticfiles.json"]!.body)
      ) as! [String: Any]
    for name in (manifest["paths"] as! [String: String]).values {
      #expect(objects["static/\(name)"] != nil, "\(name)")
    }
    try site.store.release()
    let report = try site.publish()
    #expect(report.sent.count <= max(0, 42 - count))
    try expectWhole()
  }

  @Test("of two concurrent runs one whole release results", arguments: 0..<6)
  func twoAtOnce(seed: Int) async throws {
    let other = PublishedSite(site.store)
    for number in 0..<20 { other.source.write("other \(number)", to: "files/\(number).txt") }
    try await other.collect()
    try site.publish()
    for number in 0..<20 { site.source.write("mine \(number)", to: "files/\(number).txt") }
    try await site.collect()
    let sites = [site, other]
    let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
      for number in [seed % 2, 1 - seed % 2] {
        group.addTask {
          do throws(StoreError) {
            _ = try sites[number].publish()
            return (number, true)
          } catch {
            guard case .overtaken = error else {
              Issue.record("\(error)")
              return (number, false)
            }
            return (number, false)
          }
        }
      }
      return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
    }
    let objects = try site.store.objects()
    let winner = objects["static/staticd.json"]?.body == other.root.read("staticd.json") ? 1 : 0
    #expect(outcomes[winner] == true, "\(outcomes)")
    for name in sites[winner].root.files() where !name.hasPrefix(".") {
      #expect(objects["static/\(name)"]?.body == sites[winner].root.read(name), "\(name)")
    }
  }

  @Test("a run that is overtaken while it writes originals stops, and removes nothing")
  func overtaken() async throws {
    let other = PublishedSite(site.store)
    other.source.write("other", to: "files/0.txt")
    try await other.collect()
    try site.publish()
    site.source.write("mine", to: "files/0.txt")
    try await site.collect()
    // Our manifest waits until the other run has ended: it is then the last, so our release wins.
    try site.store.setFaults(["method": "PUT", "key": "static/staticfiles.json", "kind": "hold"])
    // A separate thread: all threads of the task pool may be waiting.
    let mine = Ending()
    let site = site
    Thread.detachNewThread {
      let result = Result { () throws(StoreError) in try site.publish() }
      mine.result.withLock { $0 = result }
    }
    let isHeld = try eventually { try site.store.heldCount() == 1 }
    #expect(isHeld)
    _ = try other.publish()
    #expect(try site.store.objects()["static/files/0.txt"]?.text == "other")
    try site.store.release()
    let isOver = eventually { mine.result.withLock { $0 != nil } }
    #expect(isOver)
    _ = try mine.result.withLock { $0 }?.get()
    #expect(try site.store.objects()["static/files/0.txt"]?.text == "mine")
    let objects = try site.store.objects()
    for name in site.root.files() where !name.hasPrefix(".") {
      #expect(objects["static/\(name)"]?.body == site.root.read(name), "\(name)")
    }
  }

  @Test("a clock that is wrong by days costs one request")
  func clockSkew() throws {
    try site.store.setOptions(["skew": 3 * 86_400])
    let report = try site.publish()
    #expect(report.requestCount == report.sent.count + 4)
    #expect(try site.store.log().count { $0.status == 403 } == 1)
    try site.store.setOptions(["skew": -86_400])
    #expect(try site.publish().requestCount == 3)
  }

  @Test("a bucket of another region reports its region")
  func region() throws {
    try site.store.setOptions(["region": "eu-central-1"])
    #expect(try site.publish().requestCount == 46)
    #expect(try site.store.log().count { $0.status == 400 } == 1)
    let variables = PublishedSite.variables.merging(["AWS_REGION": "eu-central-1"]) { $1 }
    #expect(try site.publish(variables: variables).requestCount == 2)
  }

  @Test("without credentials there is an error message, and no request")
  func noCredentials() throws {
    #expect {
      try site.publish(variables: ["AWS_EC2_METADATA_DISABLED": "true"])
    } throws: { error in
      guard case .usage(let line) = error as? StoreError else { return false }
      return line.contains("AWS_ACCESS_KEY_ID")
    }
    #expect(try site.store.log().isEmpty)
  }
}

/// The result of a run in another thread.
private final class Ending: Sendable {
  let result = Mutex<Result<PublishReport, StoreError>?>(nil)
}
