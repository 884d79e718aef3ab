package io.vaultferry.launcher.demo;

/**
 * Files that the demo adds to the recorded organization.
 *
 * @param small how many of 1 byte to 64 KiB
 * @param large how many large ones
 * @param largeSize of each of these, in bytes before encryption
 */
public record MoreFiles(int small, int large, long largeSize) {

    public static final MoreFiles NONE = new MoreFiles(0, 0, 0);

    public MoreFiles {
        if (small < 0 || large < 0 || largeSize < 0 || (large > 0 && largeSize == 0)) {
            throw new IllegalArgumentException("there are no fewer files than none, and large ones have a size");
        }
    }

    public boolean any() {
        return small > 0 || large > 0;
    }

    /** What the files need on the disk while the demo runs: at the source, at the target, and one spooled on the way. */
    long neededDisk() {
        return 3 * (large * largeSize + small * (long) LargerOrganization.LARGEST_SMALL_FILE);
    }
}
