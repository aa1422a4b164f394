import FrameOutput
import Testing

@Suite("How ffmpeg is called")
struct VideoSettingsTests {
  private func command(_ format: VideoFormat, _ arguments: [String] = []) -> String {
    VideoSettings(format, arguments: arguments).command(path: "-a b", draft: 9)
      .joined(separator: " ")
  }

  private let start =
    "ffmpeg -hide_banner -nostdin -loglevel repeat+error -xerror -y -f yuv4mpegpipe "
    + "-colorspace smpte170m -color_primaries bt709 -color_trc iec61966-2-1 -i pipe:0 "

  @Test("Each kind of file has its settings")
  func settings() {
    let h264 = "-c:v libx264 -preset veryfast -crf 20 "
    #expect(command(.mp4) == start + h264 + "-movflags +faststart file:-a b")
    #expect(command(.mkv) == start + h264 + "file:-a b")
    #expect(
      command(.webm) == start
        + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -row-mt 1 -crf 32 -b:v 0 file:-a b")
  }

  @Test("A GIF is made of a draft, by a shell that reads each word as it is")
  func gif() {
    let command = VideoSettings(.gif, arguments: ["-loop", "it's"]).command(path: "a b", draft: 9)
    #expect(command[..<2] == ["sh", "-c"])
    #expect(command[2].hasPrefix(start + "-c:v libx264 "))
    #expect(command[2].contains(" file:/dev/fd/9 && exec ffmpeg "))
    #expect(command[2].hasSuffix(#" -loop 'it'\''s' 'file:a b'"#))
    let filtered = self.command(.gif, ["-vf", "fps=5"])
    #expect(!filtered.contains("palettegen") && filtered.contains("-vf fps=5"))
  }

  @Test(
    "The user's arguments stand last; a codec of theirs takes the place of ours",
    arguments: ["-c", "-c:v", "-codec:v", "-vcodec"])
  func arguments(_ option: String) {
    #expect(
      command(.mp4, ["-crf", "9"]) == start
        + "-c:v libx264 -preset veryfast -crf 20 -movflags +faststart -crf 9 file:-a b")
    #expect(
      command(.mp4, [option, "x", "-q", "1"]) == start
        + "-movflags +faststart \(option) x -q 1 file:-a b")
    #expect(command(.webm, [option, "x"]) == start + "\(option) x file:-a b")
  }

  @Test("A file without a draft needs no shell")
  func shell() {
    for format in VideoFormat.allCases {
      let settings = VideoSettings(format)
      #expect(settings.needsDraft == (settings.command(path: "x", draft: 9)[0] == "sh"))
    }
  }
}
