import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.LongAdder;

/**
 * Java's LongAdder under the rules of the other benches: threads start at one barrier, warmed up,
 * and the total is asserted. Run from the root of the project, when there is a JDK:
 * {@code java benches/peers/LongAdderBench.java}. It leaves its figures where the report finds them.
 */
class LongAdderBench {
    static final int SAMPLES = 20;
    static final long WARM_UP = 2_000_000;
    static final long INCREMENTS = 10_000_000;

    public static void main(String[] arguments) throws Exception {
        for (int threads : new int[] {1, 2, 4, 8, 32}) {
            double[] samples = new double[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                samples[i] = measure(threads);
            }
            double median = median(samples);
            double spread = median(Arrays.stream(samples).map(x -> Math.abs(x - median)).toArray());
            System.out.printf("add/LongAdder (Java)/%d: %.3f ns%n", threads, median);
            write(threads, median, spread);
        }
    }

    /** Nanoseconds of wall time, from the first start to the last end, by all increments. */
    static double measure(int threads) throws Exception {
        LongAdder adder = new LongAdder();
        CyclicBarrier barrier = new CyclicBarrier(threads);
        long each = INCREMENTS / threads;
        long[] starts = new long[threads];
        long[] ends = new long[threads];
        Thread[] all = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            int me = i;
            all[i] = new Thread(() -> {
                add(adder, WARM_UP / threads);
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                starts[me] = System.nanoTime();
                add(adder, each);
                ends[me] = System.nanoTime();
            });
            all[i].start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        if (adder.sum() != threads * (each + WARM_UP / threads)) {
            throw new IllegalStateException("increments were lost");
        }
        long first = Arrays.stream(starts).min().getAsLong();
        long last = Arrays.stream(ends).max().getAsLong();
        return (double) (last - first) / (each * threads);
    }

    static void add(LongAdder adder, long times) {
        for (long i = 0; i < times; i++) {
            adder.increment();
        }
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** As criterion does. */
    static void write(int threads, double median, double spread) throws IOException {
        Path folder = Path.of("target/criterion/add/LongAdder (Java)/" + threads + "/new");
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("benchmark.json"),
            "{\"group_id\": \"add\", \"function_id\": \"LongAdder (Java)\", \"value_str\": \""
                + threads + "\"}\n");
        Files.writeString(folder.resolve("estimates.json"),
            "{\"median\": {\"point_estimate\": " + median + "}, "
                + "\"median_abs_dev\": {\"point_estimate\": " + spread + "}}\n");
    }
}
