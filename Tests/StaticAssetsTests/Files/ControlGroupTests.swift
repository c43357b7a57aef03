import StaticAssets
import Testing

/// The limits of a container, read from the files of its control group.
@Suite struct ControlGroupTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String: String]
    var processors: Int?
    var memory: Int?

    var testDescription: String { name }
  }

  @Test(
    "limits",
    arguments: [
      Row(name: "no control groups", files: [:]),
      Row(
        name: "none set",
        files: ["self": "0::/\n", "/cpu.max": "max 100000\n", "/memory.max": "max\n"]
      ),
      Row(
        name: "one and a half processors",
        files: ["self": "0::/\n", "/cpu.max": "150000 100000\n", "/memory.max": "536870912\n"],
        processors: 2,
        memory: 536_870_912
      ),
      Row(name: "a tenth", files: ["self": "0::/\n", "/cpu.max": "10000 100000\n"], processors: 1),
      Row(
        name: "the group above is narrower",
        files: [
          "self": "0::/a/b\n", "/a/b/cpu.max": "400000 100000\n", "/a/cpu.max": "200000 100000\n",
          "/a/b/memory.max": "max\n", "/a/memory.max": "1000\n",
        ],
        processors: 2,
        memory: 1000
      ),
      Row(
        name: "a path of the host in a container",
        files: ["self": "0::/system.slice/docker-1.scope\n", "/cpu.max": "300000 100000\n"],
        processors: 3
      ),
      Row(
        name: "version 1",
        files: [
          "self": "4:memory:/x\n3:cpu,cpuacct:/x\n2:cpuset:/x\n",
          "/cpu,cpuacct/x/cpu.cfs_quota_us": "250000\n",
          "/cpu,cpuacct/x/cpu.cfs_period_us": "100000\n",
          "/memory/x/memory.limit_in_bytes": "1048576\n",
        ],
        processors: 3,
        memory: 1_048_576
      ),
      Row(
        name: "version 1 without limits",
        files: [
          "self": "4:memory:/\n3:cpu:/\n", "/cpu/cpu.cfs_quota_us": "-1\n",
          "/cpu/cpu.cfs_period_us": "100000\n",
          "/memory/memory.limit_in_bytes": "9223372036854771712\n",
        ]
      ),
      Row(
        name: "what is no number",
        files: ["self": "nonsense\n0::/\n", "/cpu.max": "x y\n", "/memory.max": "\n"]
      ),
      Row(name: "a period of 0", files: ["self": "0::/\n", "/cpu.max": "1000 0\n"]),
    ]
  )
  func limits(row: Row) {
    let group = ControlGroup { path in
      path == "/proc/self/cgroup"
        ? row.files["self"] : row.files[String(path.dropFirst("/sys/fs/cgroup".count))]
    }
    #expect(group.processorCountMax == row.processors)
    #expect(group.memoryByteCountMax == row.memory)
  }

  @Test(
    "processors in the affinity mask",
    arguments: [
      ("Name:\tx\nCpus_allowed_list:\t0-3,8\n", 5), ("Cpus_allowed_list:\t0\n", 1),
      ("Cpus_allowed_list:\t1,3,5-6\n", 4), ("Cpus_allowed_list:\t\n", nil), ("", nil),
      ("Cpus_allowed_list:\tx-y\n", nil), ("Cpus_allowed_list:\t3-1\n", nil),
    ]
  )
  func affinity(text: String, count: Int?) {
    #expect(Processors.allowedCount(inStatus: text) == count)
  }

  @Test("there is at least one processor") func processors() { #expect(Processors.count > 0) }
}
